import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { labgridEnvironments } from '../../scripts/setup/places.mjs'
import { catalogue } from '../../src/app/catalogue.ts'
import { bootloaderDrivers } from '../../src/environment/labgrid/bootloaders.ts'
import { powerDrivers } from '../../src/environment/labgrid/power.ts'
import { checkEnvironment } from '../../src/environment/load-environment.ts'
import { describeWith } from '../support/requirements.ts'

/** The drivers that are to be taken over, of those with strategies of any name. */
const wanted = new Set([
  ...['BareboxDriver', 'UBootDriver', 'ShellDriver', 'SSHDriver', 'SerialDriver', 'QEMUDriver'],
  ...powerDrivers,
  ...bootloaderDrivers,
])

interface Judged {
  readonly file: string
  readonly usesWanted: boolean
  /** Why it does not load; empty where it does. */
  readonly problems: readonly string[]
}

describeWith(['labgrid-environments'], "labgrid's and barebox's own environments", function () {
  this.timeout(120_000)
  const judged: Judged[] = []

  before(async () => {
    const root = labgridEnvironments()
    const variables = { ...process.env, LG_BUILDDIR: '/build', LG_PLACE: 'place' }
    const options = { catalogue, variables, strategies: ['barebox', 'uboot', 'direct'], cwd: root }
    const names = await readdir(root, { recursive: true })
    for (const name of names.filter((each) => /\.(?:ya?ml|env)$/.test(each)).sort()) {
      const { problems } = await checkEnvironment(join(root, name), options)
      judged.push({
        file: name,
        usesWanted: await usesWanted(join(root, name)),
        problems: problems.map(({ line, column, message }) => `${line}:${column}: ${message}`),
      })
    }
  })

  after(() => {
    const loaded = judged.filter(({ problems }) => problems.length === 0).length
    const ours = judged.filter(({ usesWanted: uses }) => uses)
    const passed = ours.filter(({ problems }) => problems.length === 0).length
    const lines = [
      `${loaded} of ${judged.length} files load; of ${ours.length} with drivers that are to be taken over ${passed}`,
      ...judged.map(
        ({ file, problems }) => `${file}: ${problems.length === 0 ? 'ok' : problems.join(' | ')}`,
      ),
    ]
    process.stdout.write(lines.map((line) => `      ${line}\n`).join(''))
  })

  it('are there', () => assert.ok(judged.length > 0, labgridEnvironments()))

  it('load, or are told what is wrong at a place', () => {
    for (const { problems } of judged) for (const one of problems) assert.match(one, /^\d+:\d+: \S/)
  })

  it('load to four fifths, of those with drivers that are to be taken over', () => {
    const ours = judged.filter(({ usesWanted: uses }) => uses)
    const failing = ours.filter(({ problems }) => problems.length > 0)
    assert.ok(failing.length <= ours.length / 5, failing.map(({ file }) => file).join(', '))
  })
})

async function usesWanted(file: string): Promise<boolean> {
  const { targets } = parse(await readFile(file, 'utf8'), { logLevel: 'silent' }) as {
    targets?: Record<string, { drivers?: Record<string, unknown> | Record<string, unknown>[] }>
  }
  const classes = Object.values(targets ?? {}).flatMap(({ drivers = [] }) =>
    Array.isArray(drivers) ? drivers.flatMap((item) => Object.keys(item)) : Object.keys(drivers),
  )
  return classes.length > 0 && classes.every((name) => wanted.has(name) || name.endsWith('Strategy'))
}
