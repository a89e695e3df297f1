import htmx from "htmx.org";

export { htmx };

/** Nothing that a fragment brings is run, nothing is styled inline, and Back always asks the server. */
export function configureHtmx(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    selfRequestsOnly: true,
    scrollBehavior: "instant",
    // A refused form comes back as a fragment with its problems; other errors stay out of the page.
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
}
