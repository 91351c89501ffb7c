// Builds internal/web/static from scss and js. The output is committed, so only an upgrade of the front-end
// packages or a change of these sources needs npm. The build is deterministic: same sources, same bytes.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { build, transform } from 'esbuild'
import * as sass from 'sass'

const here = path => new URL(path, import.meta.url)
const out = name => here(`../internal/web/static/${name}`)
const version = JSON.parse(readFileSync(here('node_modules/govuk-frontend/package.json'))).version
const banner = `/*! Contains parts of govuk-frontend ${version}, MIT licence: see licences.txt */\n`

const { css } = sass.compile(here('scss/main.scss').pathname, { quietDeps: true, silenceDeprecations: [] })
if (/GDS Transport|crown|crest|url\(/i.test(css)) {
  throw new Error('the stylesheet holds branding that is not ours to use, or fetches something')
}
const small = await transform(css, { loader: 'css', minify: true, target: ['chrome100', 'firefox100', 'safari15'] })
writeFileSync(out('countersign.css'), banner + small.code)

const js = await build({
  entryPoints: [here('js/main.js').pathname], bundle: true, minify: true, write: false, format: 'esm',
  target: ['chrome100', 'firefox100', 'safari15'], legalComments: 'none'
})
writeFileSync(out('countersign.js'), banner + js.outputFiles[0].text)

const licence = readFileSync(here('govuk-frontend.LICENSE.txt'), 'utf8')
writeFileSync(out('licences.txt'), `Parts of countersign.css and countersign.js come from govuk-frontend ${version}:\n\n${licence}`)

// What the files were built from, so that a test without node sees when they are out of date.
const sources = ['build.mjs', 'package-lock.json', ...readdirSync(here('js')).map(f => `js/${f}`), ...readdirSync(here('scss')).map(f => `scss/${f}`)]
const lines = sources.sort().map(f => `${createHash('sha256').update(readFileSync(here(f))).digest('hex')}  ${f}`)
writeFileSync(out('sources.sha256'), lines.join('\n') + '\n')
