import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Which rooms of src/ a room may import, itself apart. docs/architecture.md says why. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  codecs: ['core'],
  kernel: ['core'],
  payload: ['core', 'codecs'],
  build: ['core', 'codecs', 'payload'],
  board: ['core'],
  console: ['core', 'board'],
  transports: ['core', 'board'],
  drivers: ['core', 'board', 'transports', 'kernel'],
  servers: ['core', 'board'],
  simulator: ['core', 'board', 'codecs', 'kernel', 'payload', 'transports', 'servers'],
  environment: ['core', 'board'],
  lab: ['core', 'board', 'console', 'environment', 'servers', 'transports'],
  strategy: ['core', 'board', 'payload'],
  session: ['core', 'board', 'console', 'payload', 'kernel', 'environment', 'lab', 'strategy', 'servers'],
  report: ['core', 'kernel'],
  history: ['core'],
  bisect: ['core'],
}

/** Composition: may import every room but the command line. */
const compositions = ['app', 'index.ts']

/** An interpreter calls itself: `eval` runs a script, `help` lists the commands it is one of. */
const interpreters = ['posix', 'barebox/commands'].map((folder) => join(root, 'src/simulator', folder) + sep)

function filesBelow(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    if (statSync(path).isDirectory()) return filesBelow(path)
    return path.endsWith('.ts') ? [path] : []
  })
}

/** `import`, `export ... from` and `import()` of relative paths. */
function importsOf(path: string): string[] {
  const source = readFileSync(path, 'utf8')
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, target]) =>
    resolve(dirname(path), target ?? ''),
  )
}

function roomOf(path: string): string {
  return relative(join(root, 'src'), path).split(sep)[0] ?? ''
}

function isAllowed(from: string, to: string): boolean {
  if (from === to) return true
  if (compositions.includes(from)) return to !== 'cli'
  if (from === 'cli') return to === 'core' || to === 'app'
  return mayImport[from]?.includes(to) ?? false
}

describe('the architecture', () => {
  it('lets each room import only the rooms below it', () => {
    const wrong = filesBelow(join(root, 'src')).flatMap((path) =>
      importsOf(path)
        .filter((target) => !isAllowed(roomOf(path), roomOf(target)))
        .map((target) => `${relative(root, path)} imports ${relative(root, target)}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('lets strategies and specs import nothing of ours but "hil"', () => {
    const specs = filesBelow(join(root, 'tests')).filter((path) => path.endsWith('.spec.ts'))
    const wrong = [...filesBelow(join(root, 'strategies')), ...specs].flatMap((path) =>
      importsOf(path).map((target) => `${relative(root, path)} imports ${relative(root, target)}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('knows every room there is', () => {
    const rooms = readdirSync(join(root, 'src'))
    const known = [...Object.keys(mayImport), ...compositions, 'cli']
    assert.deepEqual(
      rooms.filter((room) => !known.includes(room)),
      [],
    )
  })

  it('has no files that import each other in a circle', () => {
    const files = filesBelow(join(root, 'src')).filter(
      (path) => !interpreters.some((folder) => path.startsWith(folder)),
    )
    const graph = new Map(files.map((path) => [path, valueImportsOf(path)]))
    const circles: string[] = []
    const finished = new Set<string>()
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) {
        circles.push(
          [...trail.slice(trail.indexOf(path)), path].map((file) => relative(root, file)).join(' -> '),
        )
        return
      }
      if (finished.has(path)) return
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path])
      finished.add(path)
    }
    for (const path of files) visit(path, [])
    assert.deepEqual(circles, [])
  })
})

/** Imports that exist at run time: `import type` is gone by then. */
function valueImportsOf(path: string): string[] {
  const source = readFileSync(path, 'utf8').replaceAll(/(?:import|export) type [^']{0,2000}'[^']+'/g, '')
  return [...source.matchAll(/(?:from|import)\s+'(\.{1,2}\/[^']+)'/g)].map(([, target]) =>
    resolve(dirname(path), target ?? ''),
  )
}
