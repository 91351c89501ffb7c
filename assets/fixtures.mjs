// Copies the fixtures of the components we use from govuk-frontend into the tests of internal/web/component:
// one file per component, one fixture (name, options, html) per line. Run after upgrading the package.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const from = new URL('node_modules/govuk-frontend/', import.meta.url)
const to = new URL('../internal/web/component/testdata/govuk/', import.meta.url)

const components = [
  'back-link', 'breadcrumbs', 'button', 'checkboxes', 'date-input', 'details', 'error-message',
  'error-summary', 'fieldset', 'file-upload', 'generic-header', 'hint', 'input', 'inset-text', 'label',
  'language-navigation', 'notification-banner', 'pagination', 'panel', 'phase-banner', 'radios', 'select',
  'service-navigation', 'skip-link', 'summary-list', 'table', 'tag', 'task-list', 'textarea', 'warning-text'
]

mkdirSync(to, { recursive: true })
const version = JSON.parse(readFileSync(new URL('package.json', from))).version
const licence = readFileSync(new URL('govuk-frontend.LICENSE.txt', import.meta.url), 'utf8')
writeFileSync(new URL('LICENSE.txt', to), `Fixtures of govuk-frontend ${version}.\n\n${licence}`)

for (const name of components) {
  const { fixtures } = JSON.parse(readFileSync(new URL(`dist/govuk/components/${name}/fixtures.json`, from)))
  const lines = fixtures.map(({ name, options, html }) => JSON.stringify({ name, options, html }))
  writeFileSync(new URL(`${name}.jsonl`, to), lines.join('\n') + '\n')
}
