// Reloads a page of a preview when it would look different: asks for the state once a second, while it can be seen.
const { state, token } = document.currentScript.dataset;

async function look() {
  if (!document.hidden) {
    try {
      const response = await fetch(state);
      if (response.status === 200 && (await response.text()) !== token) return location.reload();
    } catch {
      // The preview has ended, or is being started again.
    }
  }
  setTimeout(look, 1000);
}

look();
