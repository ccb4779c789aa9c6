/**
 * Where it happened: the phone's position or a pin set by hand, and the grid unit that it lies in.
 *
 *   const place = new ReportPlace(form.querySelector(".report-place"));   // partials/report_map.html
 *   place.setReference(reference);        // answer of reporting/reference, when it is there, and when it is newer
 *   place.setBounds([w, s, e, n]);        // of the worker's own area, from reporting/worker; may be null
 *   await place.usePosition();            // asks the phone; says in words what goes wrong, throws nothing
 *   place.value                           // `place` of a report's record, or null
 *   place.set(record.place);              // another draft is opened: null empties; dispatches nothing
 *   place.problem                         // why it cannot be sent like this, in words, or ""
 *   place.located                         // last answer: {grid_unit, community, street, …}, or null
 *   place.startMap();                     // loads Leaflet and the map: once the form is ready; never throws
 *   place.addEventListener("changed", …)  // `value`, `problem` or `located` is another
 *
 * Settings come from the form around the element: data-locate-url, data-fix-wait-ms, data-gcj02-browsers.
 */
export class ReportPlace extends EventTarget {}
