// Everything works without this file. It adds what a browser alone does not: focus on the error summary,
// questions revealed by an answer, a drop zone for files, a menu on small screens, no double submission.
import {
  Button, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, Radios, ServiceNavigation, SkipLink, createAll
} from '../node_modules/govuk-frontend/dist/govuk/all.mjs'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
for (const component of [Checkboxes, ErrorSummary, FileUpload, NotificationBanner, Radios, ServiceNavigation, SkipLink]) {
  createAll(component)
}
createAll(Button, { preventDoubleClick: true })

// A page that came back from the browser's memory after signing out must not show a person's data again.
window.addEventListener('pageshow', event => {
  if (event.persisted) window.location.reload()
})
