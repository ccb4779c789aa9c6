/** What the server told the page: addresses, colours, and what codes are called (maps/views/pages.py). */
export const settings = JSON.parse(document.getElementById("map-settings").textContent);

/** What a code is called in the page's language. */
export const nameOf = (kind, code) => settings.names[kind][code] ?? code;
