// Everything works without this file. It adds what a browser alone does not: focus on the error summary,
// questions revealed by an answer, a drop zone for files, a menu on small screens, no double submission.
import {
  Button, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, Radios, ServiceNavigation, SkipLink, createAll
} from '../node_modules/govuk-frontend/dist/govuk/all.mjs'

// The attribute aria-expanded is not allowed on a radio; the question revealed comes right after it anyway.
class PlainRadios extends Radios {
  syncConditionalRevealWithInputState (input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute('aria-expanded')
  }
}

// The button's name is the question and then the words that it shows; a label that points to the button would
// otherwise hide them from whoever speaks to the computer (WCAG 2.5.3).
class NamedFileUpload extends FileUpload {
  createButton () {
    const button = super.createButton()
    const [status, comma, choose] = button.children
    status.insertAdjacentText('afterend', ' ')
    status.id = `${this.id}-status`
    choose.id = `${this.id}-choose`
    button.setAttribute('aria-labelledby', [this.$label, comma, status, choose].map(e => e.id).join(' '))
    return button
  }
}

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
for (const component of [Checkboxes, ErrorSummary, NamedFileUpload, NotificationBanner, PlainRadios, ServiceNavigation, SkipLink]) {
  createAll(component)
}
createAll(Button, { preventDoubleClick: true })

// A page that came back from the browser's memory after signing out must not show a person's data again.
window.addEventListener('pageshow', event => {
  if (event.persisted) window.location.reload()
})

// Says on a page that is open already when a case of it comes to be held, or is free again. It asks for nothing but
// random identifiers, only while somebody can see the page, one question at a time. When it gets no answer for a
// while it says so: a page that only looks up to date is worse than one that does not.
const marked = [...document.querySelectorAll('[data-case]')]
if (marked.length) {
  const query = new URLSearchParams([...new Set(marked.map(e => e.dataset.case))].map(id => ['case', id]))
  const said = document.getElementById('hold-said') || marked[0]
  const say = (where, id) => where.replaceChildren(document.getElementById(id).content.cloneNode(true))
  const before = new Map(marked.map(e => [e, e.dataset.held === 'true' ? null : [...e.childNodes]]))
  let failed = 0
  let busy = false
  let timer

  const change = (mark, held) => {
    mark.dataset.held = String(held)
    if (mark === said) return say(mark, held ? 'hold-on' : 'hold-off')
    if (held) say(mark, 'hold-mark')
    else if (before.get(mark)) mark.replaceChildren(...before.get(mark))
    say(said, held ? 'hold-in-list' : 'hold-off')
  }

  const ask = async () => {
    clearTimeout(timer)
    if (document.hidden || busy) return
    busy = true
    const answer = await fetch(`/live?${query}`, { signal: AbortSignal.timeout(5000) }).catch(() => null)
    const { held } = answer?.ok ? await answer.json().catch(() => ({})) : {}
    busy = false
    if (held) {
      if (failed >= 5) { // answered again
        said.replaceChildren()
        if (said.dataset.case) said.dataset.held = 'false'
      }
      failed = 0
      for (const mark of marked) {
        const now = held.includes(mark.dataset.case)
        if (now !== (mark.dataset.held === 'true')) change(mark, now)
      }
    } else if (++failed === 5 || [401, 403].includes(answer?.status)) {
      say(said, 'hold-lost')
      if (answer?.status < 500) return
    }
    timer = setTimeout(ask, Number(said.dataset.every))
  }
  document.addEventListener('visibilitychange', ask)
  ask()
}

// Warns before the session ends, and keeps it if the officer says so. Without scripts the server still keeps
// what was typed when it asks to sign in again.
const warning = document.getElementById('timeout')
if (warning) {
  const [text, failed] = warning.querySelectorAll('p')
  const button = warning.querySelector('button')
  const start = () => {
    warning.hidden = true
    setTimeout(() => { warning.hidden = false }, Math.max(0, warning.dataset.left - warning.dataset.before) * 1000)
  }
  button.addEventListener('click', async () => {
    const answer = await fetch(warning.dataset.stay, { method: 'POST' }).catch(() => ({ ok: false }))
    if (answer.ok) return start()
    text.hidden = true
    failed.hidden = false
  })
  start()
}
