import { addressProblem } from "./address.ts";

/**
 * Says beside the field what is wrong with an address, instead of in a bubble of the browser. The
 * form works without this script: the browser and the server check too.
 */
function enhance(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[type="email"]');
  const error = input && form.querySelector<HTMLElement>(`#${input.id}-error`);
  if (!input || !error) return;
  let sent = false;

  const show = (): boolean => {
    const problem = addressProblem(input.value, input.validity.typeMismatch);
    error.textContent = problem ?? "";
    if (problem) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return problem === undefined;
  };

  form.noValidate = true;
  // Not on blur: the message would move the button away from under the pointer that is pressing it.
  input.addEventListener("input", () => {
    if (sent) show();
  });
  form.addEventListener("submit", (event) => {
    sent = true;
    if (show()) return;
    event.preventDefault();
    input.focus();
  });
}

const form = document.querySelector<HTMLFormElement>("form[data-register]");
if (form) enhance(form);
