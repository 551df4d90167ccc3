import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["{player,shell,studio}/tests/**/*.test.ts"] } });
