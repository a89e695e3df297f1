// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Theme = "light" | "dark";

const css = readFileSync(new URL("../styles/tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#\w+),\s*(#\w+)\)/g)].map(([, name, light, dark]) => [
    name as string,
    { light: light as string, dark: dark as string },
  ]),
);

const GROUNDS = ["paper", "surface", "sunken", "mute-bg"];
const TEXT: Record<string, string[]> = {
  ink: [...GROUNDS, "accent-soft", "add-word", "rem-word", "mark", "warn-bg", "mov-bg"],
  "ink-2": GROUNDS,
  "ink-3": GROUNDS,
  accent: ["paper", "surface", "sunken"],
  "accent-strong": ["accent-soft", "paper", "surface", "sunken"],
  "on-accent": ["accent", "accent-strong"],
  add: ["add-bg"],
  rem: ["rem-bg"],
  mov: ["mov-bg"],
  ok: ["ok-bg", "surface"],
  warn: ["warn-bg", "surface"],
  danger: ["danger-bg", "surface"],
  info: ["info-bg", "surface"],
  kw: ["surface", "paper", "add-word", "rem-word"],
  st: ["surface", "paper", "add-word", "rem-word"],
  cm: ["surface", "paper", "add-word", "rem-word"],
  nu: ["surface", "paper", "add-word", "rem-word"],
  fn: ["surface", "paper", "add-word", "rem-word"],
};
const CONTROLS: Record<string, string[]> = {
  edge: ["paper", "surface", "sunken"],
  focus: [...GROUNDS, "accent-soft"],
  accent: ["surface", "paper"],
};

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  it.each(pairs(TEXT))("text %s on %s has a contrast of 4.5", (ink, ground) => {
    expect(contrast(ink, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(pairs(CONTROLS))("a control in %s on %s has a contrast of 3", (ink, ground) => {
    expect(contrast(ink, ground, theme)).toBeGreaterThanOrEqual(3);
  });
});

function pairs(table: Record<string, string[]>): [string, string][] {
  return Object.entries(table).flatMap(([ink, grounds]) =>
    grounds.map((ground): [string, string] => [ink, ground]),
  );
}

/** WCAG 2 contrast ratio. */
function contrast(ink: string, ground: string, theme: Theme): number {
  const [a, b] = [luminance(colour(ink, theme)), luminance(colour(ground, theme))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function colour(token: string, theme: Theme): string {
  const found = tokens.get(token);
  if (found === undefined) throw new Error(`tokens.css has no --${token} in light-dark()`);
  return found[theme];
}

function luminance(hex: string): number {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join("") : hex.slice(1);
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
