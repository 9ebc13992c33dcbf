// Leaving a computer that others use too. Asked in the page: browsers show no `confirm` of a page inside another site's.
export function leaving({ ask, question, yes, no, leave }) {
  function turn(asking) {
    ask.hidden = asking;
    question.hidden = !asking;
    (asking ? no : ask).focus();
  }

  ask.addEventListener("click", () => turn(true));
  no.addEventListener("click", () => turn(false));
  yes.addEventListener("click", () => { turn(false); leave(); });
  ask.hidden = false;
}
