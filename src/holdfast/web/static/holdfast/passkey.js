// What the passkey scripts leave out: a form is complete before a passkey is asked for, and a passkey that does not answer is told in words.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-checks-form]");
  if (button && !button.form.reportValidity()) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("allauth.error", (event) => {
  const problem = document.getElementById("passkey-problem");
  if (!problem) return;
  event.preventDefault();
  problem.textContent = sentence(event.detail.exception);
  problem.hidden = false;
});

function sentence(exception) {
  if (!window.isSecureContext || exception.name === "SecurityError") {
    return "A passkey works only where the server is opened by its name over HTTPS (or as localhost), not by its number. Nothing was changed.";
  }
  if (exception.name === "InvalidStateError") {
    return "This passkey is added already. Nothing was changed.";
  }
  return "The passkey did not answer, or the request was cancelled. Nothing was changed: try again, or use another way.";
}
