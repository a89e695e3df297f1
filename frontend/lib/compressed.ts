import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(?:css|js|svg)$/;

/** Writes a .gz beside every text asset: the server sends it as it is, so that nothing is packed at request time. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (!TEXT.test(file.fileName)) continue;
          const text = file.type === "chunk" ? file.code : file.source;
          this.emitFile({
            type: "asset",
            fileName: `${file.fileName}.gz`,
            source: gzipSync(text, { level: 9 }),
          });
        }
      },
    },
  };
}
