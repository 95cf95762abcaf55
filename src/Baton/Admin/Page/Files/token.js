// The token of an admin address that needs one: asked for in a form, kept for this tab alone, sent in a header and nowhere else.
import { byId, setText } from "./dom.js";

const key = "baton.token";

export class Token extends EventTarget {
  #value = sessionStorage.getItem(key);
  #form = byId("token");
  #field = byId("token-value");

  constructor() {
    super();
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#value = this.#field.value.trim();
      sessionStorage.setItem(key, this.#value);
      this.dispatchEvent(new Event("change"));
    });
  }

  get headers() {
    return this.#value ? { Authorization: `Bearer ${this.#value}` } : {};
  }

  /** Shows the form while the daemon refuses, and says so if it has refused a token. */
  show(isLocked) {
    if (this.#form.hidden === isLocked) {
      this.#form.hidden = !isLocked;
      if (isLocked) this.#field.focus();
    }
    setText(byId("token-error"), isLocked && this.#value ? "The daemon does not accept this token." : "");
  }
}
