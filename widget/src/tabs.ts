/** Tells the other tabs of this site that the conversation changed, and hears it from them. */

export class Tabs {
  private readonly channel: BroadcastChannel | null;

  constructor(server: string, onChange: () => void) {
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`tandem:${server}`) : null;
    if (this.channel) this.channel.onmessage = onChange;
  }

  changed(): void {
    this.channel?.postMessage("changed");
  }

  close(): void {
    this.channel?.close();
  }
}
