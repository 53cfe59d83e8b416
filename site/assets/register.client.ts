import { addressProblem } from "./address.ts";

/**
 * The forms of registering and leaving work without this script: they are sent, and the server leads
 * to the next page. With it, what is wrong is said beside the field, at once and aloud, and a code
 * that came with the link is filled in.
 */
const CODE = /^#[A-Za-z0-9_-]{43}$/;
/** The message on the page for an answer's status; for all others it is "not-now". */
const MESSAGES: Readonly<Record<number, string>> = {
  400: "not-understood",
  410: "code-refused",
  413: "not-understood",
  429: "too-often",
};

type Parts = {
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly error: HTMLElement;
  readonly button: HTMLButtonElement;
};

function enhance({ form, input, error, button }: Parts): void {
  const words = button.textContent ?? "";
  let sent = false;
  let busy = false;

  const say = (problem: string | undefined): void => {
    error.textContent = problem ?? "";
    if (problem) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  const send = async (): Promise<void> => {
    const message = await sendForm(form).catch(() => ({ id: "not-now" }));
    if (message === undefined) return;
    if ("text" in message) {
      say(message.text);
      input.focus();
    } else showMessage(message.id);
  };

  form.noValidate = true;
  // Not on blur: the message would move the button away from under the pointer that is pressing it.
  input.addEventListener("input", () => {
    if (sent) say(problemOf(input));
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    sent = true;
    const problem = problemOf(input);
    say(problem);
    if (problem) {
      input.focus();
      return;
    }
    busy = true;
    // Not `disabled`: that would take the focus from who pressed it by keyboard.
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busy ?? words;
    await send();
    busy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = words;
  });
}

function problemOf(input: HTMLInputElement): string | undefined {
  if (input.type === "email") return addressProblem(input.value, input.validity.typeMismatch);
  return input.value.trim() === "" ? "Please paste the code from the mail." : undefined;
}

/** Sends it and leads to the next page. What keeps it from that is a text, or a message by its id. */
async function sendForm(
  form: HTMLFormElement,
): Promise<{ readonly id: string } | { readonly text: string } | undefined> {
  const response = await fetch(form.action, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  if (response.ok) {
    // Leaving before the answer is whole would break it off.
    await response.text();
    location.assign(form.dataset.done ?? "/");
    return undefined;
  }
  if (response.status === 422) {
    const { detail } = (await response.json()) as { readonly detail: string };
    return { text: detail };
  }
  return { id: MESSAGES[response.status] ?? "not-now" };
}

/** Being the target of the address shows it, as it does when the server leads here. */
function showMessage(id: string): void {
  if (location.hash === `#${id}`) history.replaceState(null, "", location.pathname);
  location.hash = id;
  document.getElementById(id)?.focus();
}

/** A code behind the # goes into its field, and out of the address: nobody shall copy it by mistake. */
function fillInCode(): void {
  const input = document.querySelector<HTMLInputElement>("[data-code] input");
  if (!input || !CODE.test(location.hash)) return;
  input.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  for (const element of document.querySelectorAll<HTMLElement>("[data-typed], [data-code]")) {
    element.hidden = true;
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-filled]")) {
    element.hidden = false;
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-send]")) {
  const input = form.querySelector<HTMLInputElement>("[required]");
  const error = form.querySelector<HTMLElement>(".error");
  const button = form.querySelector<HTMLButtonElement>("button");
  if (input && error && button) enhance({ form, input, error, button });
}
fillInCode();
addEventListener("hashchange", fillInCode);
