import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

type Options = { names: string[]; folders: string[]; favicon: string };

const LICENCE =
  "<!-- Icons: Lucide, ISC licence, Copyright Lucide Icons and Contributors; some MIT from Feather, Copyright Cole Bemis. -->";

/** Emits the mark for the browser's tab, and one `icons.svg` with a `<symbol id="NAME">` for each name, taken from the first folder that has it. */
export function iconSprite({ names, folders, favicon }: Options): Plugin {
  return {
    name: "icon-sprite",
    generateBundle() {
      const symbols = ["boxwood", ...names].map((name) => symbol(name, folders)).join("");
      const source = `${LICENCE}<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "icons.svg", source });
      const mark = readFileSync(favicon);
      this.emitFile({ type: "asset", name: "mark.svg", originalFileName: "icons/mark.svg", source: mark });
    },
  };
}

function symbol(name: string, folders: string[]): string {
  const path = folders.map((folder) => join(folder, `${name}.svg`)).find((file) => existsSync(file));
  if (path === undefined) throw new Error(`icons.txt names "${name}", which no icon set has`);
  const drawing = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(path, "utf8"))?.[1] ?? "";
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
}
