const SHOWN_MS = 2_000;

/**
 * A button on every code block that copies it. Without this script, or where the browser has no clipboard
 * for the page (plain http), there is none: the code can be selected as ever.
 */
function addButtons(blocks: Iterable<Element>): void {
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);
  for (const block of blocks) {
    const code = block.querySelector("code");
    if (code) block.append(createButton(code, status));
  }
}

function createButton(code: Element, status: Element): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "code-copy";
  button.textContent = "Copy";
  let timer = 0;
  button.addEventListener("click", async () => {
    const said = await copied(code.textContent ?? "");
    button.textContent = said;
    status.textContent = said;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      button.textContent = "Copy";
      status.textContent = "";
    }, SHOWN_MS);
  });
  return button;
}

async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    return "Not copied";
  }
}

if (navigator.clipboard) addButtons(document.querySelectorAll(".code"));
