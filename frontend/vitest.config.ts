import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["{player,proof,push,security,shell,studio,upload}/tests/**/*.test.ts"] } });
