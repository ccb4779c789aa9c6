/** The panel: filter, what is drawn, folding on a phone, the link to copy. */
import { nameOf } from "./settings.js";
import { isFiltered, withoutFilter } from "./view_state.js";

const TEXTS = ["from", "to", "category", "level", "state", "measure"];
const SWITCHES = ["heat", "points"];

export class Controls {
  /** `onChange(part of the state)` when something is set, `onChoose(code)` for another of one's own areas. */
  constructor({ onChange, onChoose }) {
    this.form = document.getElementById("map-controls");
    this.onChange = onChange;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", (event) => this.changed(event.target));
    this.listenToButtons();
    const own = document.getElementById("map-duty-area");
    own?.addEventListener("change", () => onChoose(own.value));
    this.listenToFold();
    this.listenToCopy();
  }

  changed({ name, type, checked, value, validity }) {
    // A date that is typed half is not a wish yet.
    if (validity.valid) this.onChange({ [name]: type === "checkbox" ? checked : value });
  }

  listenToButtons() {
    for (const button of document.querySelectorAll("#map-periods button")) {
      button.addEventListener("click", () => this.onChange({ from: button.dataset.since, to: "" }));
    }
    this.reset = document.getElementById("map-reset");
    this.reset.addEventListener("click", () => this.onChange(withoutFilter({})));
  }

  /** Show the state in the fields. */
  show(state) {
    for (const name of TEXTS) this.form.elements[name].value = state[name];
    for (const name of SWITCHES) if (this.form.elements[name]) this.form.elements[name].checked = state[name];
    for (const button of document.querySelectorAll("#map-periods button")) {
      button.setAttribute("aria-pressed", String(state.from === button.dataset.since && !state.to));
    }
    this.reset.disabled = !isFiltered(state);
  }

  /** Offer the divisions that the area has. */
  offer(answer) {
    const choice = this.form.elements.by;
    choice.replaceChildren(...answer.divisions.map((level) => new Option(nameOf("level", level), level)));
    choice.value = answer.by;
    choice.disabled = answer.divisions.length < 2;
    const own = document.getElementById("map-duty-area");
    if (own) own.value = answer.trail[0].code;
  }

  listenToFold() {
    const button = document.getElementById("map-fold");
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      document.getElementById("map-panel").classList.toggle("is-open", open);
    });
  }

  listenToCopy() {
    const button = document.getElementById("map-copy");
    if (!navigator.clipboard) return; // plain http on another machine: the address bar has it
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(location.href);
      button.querySelector("span").textContent = gettext("已复制");
    });
  }
}
