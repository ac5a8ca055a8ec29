import { defineConfig } from "vitest/config";

// One classic script without imports: `<script src="…/tandem.js">` is the whole installation.
export default defineConfig({
  build: {
    target: ["chrome111", "safari16.4", "firefox121"],
    lib: { entry: "src/main.ts", formats: ["iife"], name: "tandem", fileName: () => "tandem.js" },
  },
  test: { include: ["test/*.test.ts"], environment: "node" },
});
