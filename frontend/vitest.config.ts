import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["{player,proof,shell,studio,upload}/tests/**/*.test.ts"] } });
