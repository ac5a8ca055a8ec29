/** Line icons on a 24 by 24 grid. All are decoration: the words beside them, or the control's name, say it. */

const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  copy: "M9 9h10v11H9zM5 15V4h10",
  done: "M5 12.5l4.5 4.5L19 7.5",
  up: "M7 10.5V20H4v-9.5zM7 11l4-7.5c1.4 0 2.3 1 2.1 2.4L12.7 9H18a2 2 0 012 2.3l-1.1 6.9A2 2 0 0117 20H7",
  down: "M7 13.5V4H4v9.5zM7 13l4 7.5c1.4 0 2.3-1 2.1-2.4l-.4-3.1H18a2 2 0 002-2.3l-1.1-6.9A2 2 0 0017 4H7",
  arrow: "M5 12h14M13 6l6 6-6 6",
  below: "M12 5v14M6 13l6 6 6-6",
  split: "M12 21v-7M12 14c0-4-6-3-6-8M12 14c0-4 6-3 6-8M3.5 8.5L6 6l2.5 2.5M15.5 8.5L18 6l2.5 2.5",
  again: "M19.5 12a7.5 7.5 0 11-2.2-5.3L19.5 9M19.5 4v5h-5",
  wait: "M12 7.5V12l3 2M12 3.5a8.5 8.5 0 110 17 8.5 8.5 0 010-17z",
  trash: "M4.5 7h15M9 7V4h6v3M6.5 7l1 13h9l1-13",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20.5c.7-4 3.8-6 7.5-6s6.8 2 7.5 6",
  offline: "M3.5 9.5a13 13 0 0117 0M6.5 13a8.5 8.5 0 0111 0M9.5 16.5a4 4 0 015 0M4 4l16 16",
  none: "M12 3.5a8.5 8.5 0 110 17 8.5 8.5 0 010-17zM9.3 9.3a2.8 2.8 0 115 1.7c-.8 1-2.3 1.3-2.3 2.8M12 16.8h.01",
  emergency: "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5v5.5M12 16.5h.01",
  urgent: "M12 3.5l9.3 16.5H2.7zM12 10v4.5M12 17.2h.01",
  professional: "M5 4v5a4.5 4.5 0 009 0V4M5 4h2M12 4h2M9.5 13.5V16a4.5 4.5 0 009 0v-2.5M18.5 13.5a2 2 0 100-4 2 2 0 000 4z",
  lift: "M3 9.5v5M6 7v10M6 12h12M18 7v10M21 9.5v5",
  run: "M14.5 5.5a1.5 1.5 0 100-3 1.5 1.5 0 000 3zM6 11l3.5-3.5 4 1.5-3 5 3.5 3-1 5M13.5 9l2 2.5 3.5.5M10 15l-2 2.5H4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Two rings that share a part: the mark. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="8.5" cy="12" r="5.7" />
      <circle cx="15.5" cy="12" r="5.7" />
    </svg>
  );
}
