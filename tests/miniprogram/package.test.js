// What WeChat's developer tools look at before they run anything.
const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { test } = require('node:test')
const compiler = require('miniprogram-compiler')

const ROOT = path.resolve(__dirname, '../../miniprogram')
const files = fs.readdirSync(ROOT, { recursive: true }).map(String).filter(name => fs.statSync(path.join(ROOT, name)).isFile())
const read = name => fs.readFileSync(path.join(ROOT, name), 'utf8')
const json = name => JSON.parse(read(name))
const wxml = files.filter(name => name.endsWith('.wxml'))

test('the package is far below the 2 MB that WeChat takes', () => {
  const bytes = files.reduce((sum, name) => sum + fs.statSync(path.join(ROOT, name)).size, 0)
  assert.ok(bytes < 300 * 1024, `${bytes} bytes`)
})

test("WeChat's compilers take every template and every style", () => {
  for (const name of wxml) assert.ok(compiler.wxmlToJs(ROOT).includes(name.replace(/\\/g, '/')), name)
  const styles = compiler.wxssToJs(ROOT)
  for (const name of files.filter(name => name.endsWith('.wxss'))) assert.ok(styles.includes(name), name)
})

test('what they would not take is seen', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wxml-'))
  fs.writeFileSync(path.join(folder, 'a.wxml'), '<view>{{a +}}</view></block>')
  fs.writeFileSync(path.join(folder, 'a.wxss'), '.a { color: red; } }}')
  assert.throws(() => compiler.wxmlToJs(folder))
  assert.throws(() => compiler.wxssToJs(folder))
  fs.rmSync(folder, { recursive: true })
})

test('every page has its four files, and every page is listed', () => {
  const { pages } = json('app.json')
  for (const page of pages) {
    for (const kind of ['js', 'json', 'wxml', 'wxss']) assert.ok(files.includes(`${page}.${kind}`), `${page}.${kind}`)
  }
  assert.deepEqual(wxml.filter(name => name.startsWith('pages')).map(name => name.replace('.wxml', '')).sort(), [...pages].sort())
})

test('every component that is used is there, and every one that is there is used', () => {
  const used = new Set()
  for (const name of files.filter(name => /^(pages|components).*\.json$/.test(name))) {
    const { usingComponents } = json(name)
    const template = read(name.replace('.json', '.wxml'))
    for (const [tag, place] of Object.entries(usingComponents)) {
      assert.ok(files.includes(`${place.slice(1)}.wxml`), place)
      assert.match(template, new RegExp(`<${tag} `), `${name} does not use ${tag}`)
      used.add(place)
    }
  }
  assert.equal(used.size, fs.readdirSync(path.join(ROOT, 'components')).length)
})

test('everything that can be tapped says that it is a button, with a name', () => {
  for (const name of wxml) {
    for (const [tag] of read(name).matchAll(/<view[^>]*bindtap[^>]*>/g)) assert.match(tag, /aria-role="button"/, `${name}: ${tag}`)
    for (const [tag] of read(name).matchAll(/<(?:input|textarea)[^>]*>/g)) assert.match(tag, /aria-label=/, `${name}: ${tag}`)
  }
})

test('every method that a template calls exists', () => {
  for (const name of wxml) {
    const code = read(name.replace('.wxml', '.js'))
    for (const [, method] of read(name).matchAll(/bind:?\w+="(\w+)"/g)) {
      assert.match(code, new RegExp(`^    (?:async )?${method}\\(`, 'm'), `${name}: ${method}`)
    }
  }
})

test('letters grow in 关怀版: every size of a letter and of a button has the scale in it', () => {
  for (const name of files.filter(name => name.endsWith('.wxss'))) {
    for (const [rule] of read(name).matchAll(/font-size:[^;]+;/g)) assert.match(rule, /var\(--k\)/, `${name}: ${rule}`)
  }
})

test('the tools open it: project file, entry, sitemap', () => {
  assert.equal(json('project.config.json').compileType, 'miniprogram')
  assert.ok(json('sitemap.json').rules.length)
  assert.match(read('config.js'), /api: 'https:\/\//)
})
