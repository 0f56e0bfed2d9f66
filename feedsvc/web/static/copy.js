// The one thing that needs a script: copying the address. Without it the button stays hidden.
"use strict";
async function copied(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    // Plain http has no clipboard, and a browser may refuse it: the old way then, which leaves the address selected.
    getSelection().selectAllChildren(node);
    return document.execCommand("copy");
  }
}
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(document.getElementById(button.dataset.copy));
    button.parentElement.querySelector("[role=status]").textContent = done ? button.dataset.said : button.dataset.else;
  });
}
