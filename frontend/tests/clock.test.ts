import { expect, it } from "vitest";
import { relative } from "../islands/clock.ts";

const MINUTE = 60_000;

it.each([
  [20_000, "just now"],
  [42 * MINUTE, "42 min ago"],
  [5 * 60 * MINUTE + MINUTE, "5 h ago"],
  [-10 * MINUTE, "in 10 min"],
  [24 * 60 * MINUTE, null],
])("says %i ms as %s", (distance, words) => {
  expect(relative(distance)).toBe(words);
});
