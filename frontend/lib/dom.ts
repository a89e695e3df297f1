type Attributes = Record<string, string>;

/** An element with attributes and children; strings become text, never HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Says one sentence to screen readers, politely. */
export function announce(sentence: string): void {
  const region = document.getElementById("live");
  if (region) region.textContent = sentence;
}

/** Whether keys belong to what somebody is typing. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}
