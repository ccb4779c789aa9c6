/** Leaflet from our own server, when a page first needs its map: as much code as the whole of the form. */

let coming = null;

/** Settles when the global L is there. @throws {Error} where a file did not come; asking again tries again */
export function loadLeaflet({ leafletJs, leafletCss }) {
  if (window.L?.map) return Promise.resolve();
  // Before our own style sheets, which have the last word.
  coming ??= Promise.all([
    loaded(Object.assign(document.createElement("link"), { rel: "stylesheet", href: leafletCss })),
    loaded(Object.assign(document.createElement("script"), { src: leafletJs })),
  ]).catch((error) => {
    coming = null;
    throw error;
  });
  return coming;
}

function loaded(tag) {
  return new Promise((resolve, reject) => {
    tag.addEventListener("load", () => resolve());
    tag.addEventListener("error", () => {
      tag.remove();
      reject(new Error(`not loaded: ${tag.src ?? tag.href}`));
    });
    document.head.prepend(tag);
  });
}
