import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { compressed } from "./lib/compressed.ts";
import { iconSprite } from "./lib/icon-sprite.ts";
import { withoutEval } from "./lib/without-eval.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [
    withoutEval(),
    iconSprite({
      names: readFileSync(here("icons.txt"), "utf8").trim().split("\n"),
      folders: [here("icons"), here("node_modules/lucide-static/icons")],
      favicon: here("icons/mark.svg"),
    }),
    compressed(),
  ],
  build: {
    outDir: here("../hub/static/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    // Fonts and the sprite are files of their own: they are cached longer than the style sheet that names them.
    assetsInlineLimit: 0,
    // The tokens use light-dark(): older targets would have it rewritten into twice the CSS.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    target: ["chrome123", "firefox120", "safari17.5"],
    rolldownOptions: { input: { main: here("islands/main.ts") } },
  },
});
