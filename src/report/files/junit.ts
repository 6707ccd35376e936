import { seconds } from '../format.ts'
import { runFailure } from '../run-failure.ts'
import { titleOf, type RunRecord, type SpecRecord } from '../run-record.ts'
import { consolesAtEnd, describeError, links, toCase } from './junit-case.ts'
import { add, noCounts, type Counted } from './junit-counts.ts'
import { cdata, element } from './xml.ts'

/**
 * JUnit XML as GitLab, Jenkins and the GitHub actions read it: a suite for each board and spec, no two
 * test cases of one name (GitLab takes only the first), attempts as Surefire writes them, links to
 * attachments as `[[ATTACHMENT|path]]` in `system-out`.
 */
export function toJunit(record: RunRecord): string {
  const suites = new JunitSuites()
  suites.add(record)
  return suites.toXml(record.finished?.durationMs ?? record.t)
}

/** Suites of one run, or of several in one file. */
export class JunitSuites {
  readonly #uniqueName = makeUnique()
  readonly #xml: string[] = []
  #counts = noCounts

  /** @param scope tells the classes of this run from those of another one with the same board and spec */
  add(record: RunRecord, scope = ''): void {
    for (const spec of record.specs) this.#push(toSuite(spec, record, scope, this.#uniqueName))
    const ofRun = runSuite(record, scope)
    if (ofRun !== undefined) this.#push(ofRun)
  }

  /** What never came to a run, as one test case. */
  addMissing(
    hostname: string,
    classname: string,
    name: string,
    kind: 'error' | 'skipped',
    message: string,
  ): void {
    const xml = element('testcase', { classname, name: this.#uniqueName(classname, name) }, [
      element(kind, { message }),
    ])
    const counts = { ...noCounts, tests: 1, ...(kind === 'error' ? { errors: 1 } : { skipped: 1 }) }
    const cases = [{ xml, counts }]
    this.#push(suite(classname, { hostname, timestamp: undefined, time: '0', properties: '', cases }))
  }

  toXml(durationMs: number): string {
    // Jenkins's xunit plugin refuses a file that counts skipped ones here; each suite does.
    const { skipped: _, ...total } = this.#counts
    const attributes = { name: 'hil', ...total, time: seconds(durationMs) }
    const xml = element('testsuites', attributes, this.#xml.map((each) => `\n${each}`).concat('\n'))
    return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`
  }

  #push({ xml, counts }: Counted): void {
    this.#xml.push(xml)
    this.#counts = add(this.#counts, counts)
  }
}

function toSuite(
  spec: SpecRecord,
  record: RunRecord,
  scope: string,
  uniqueName: (scope: string, name: string) => string,
): Counted {
  const board = spec.boards.join('+')
  const classname = `${scope}${board}.${dotted(spec.file)}`
  const cases = spec.tests.map((test) =>
    toCase(test, record, classname, uniqueName(classname, titleOf(test.identity))),
  )
  const startedAt = spec.tests.flatMap(({ attempts }) => attempts.slice(0, 1)).at(0)?.at
  const durations = spec.tests.flatMap(({ attempts }) => attempts.map(({ ended }) => ended?.durationMs ?? 0))
  return suite(`${scope}${board} ${spec.file}`, {
    hostname: board,
    timestamp: timestamp(record, startedAt),
    time: seconds(durations.reduce((sum, ms) => sum + ms, 0)),
    properties: properties(spec, record),
    cases,
  })
}

/** What failed outside of any test, as a test case of its own, so that no reader sees a green file. */
function runSuite(record: RunRecord, scope: string): Counted | undefined {
  const failure = runFailure(record)
  if (failure === undefined) return undefined
  const { kind, type, message, error } = failure
  const boards = record.started?.boards.join('+') ?? 'hil'
  const told = [error === undefined ? message : describeError(error), ...consolesAtEnd(error, record)]
  const body = element(kind, { message, type }, [cdata(told.join('\n\n'))])
  const attachments = record.boards.map(({ name }) => name)
  const xml = element(
    'testcase',
    { classname: `${scope}${boards}.hil`, name: 'run', time: seconds(record.t) },
    [body, element('system-out', {}, [cdata(links(attachments, record))])],
  )
  const counts = { ...noCounts, tests: 1, ...(kind === 'failure' ? { failures: 1 } : { errors: 1 }) }
  return suite(`${scope}${boards} hil`, {
    hostname: boards,
    timestamp: timestamp(record, 0),
    time: seconds(record.t),
    properties: '',
    cases: [{ xml, counts }],
  })
}

interface SuiteParts {
  readonly hostname: string
  readonly timestamp: string | undefined
  readonly time: string
  readonly properties: string
  readonly cases: readonly Counted[]
}

function suite(name: string, { properties, cases, ...attributes }: SuiteParts): Counted {
  const counts = cases.reduce((sum, { counts }) => add(sum, counts), noCounts)
  const children = [properties, ...cases.map(({ xml }) => xml)].filter((xml) => xml !== '')
  return {
    xml: element(
      'testsuite',
      { name, ...counts, ...attributes },
      children.map((xml) => `\n  ${xml}`).concat('\n'),
    ),
    counts,
  }
}

function properties({ boards }: SpecRecord, record: RunRecord): string {
  const ofBoards = record.boards
    .filter(({ name }) => boards.includes(name))
    .flatMap(({ name, facts, versions }) => [
      ...(facts === undefined
        ? []
        : [
            [`${name}.architecture`, facts.architecture ?? 'unknown'],
            [`${name}.compatible`, facts.compatible.join(' ')],
          ]),
      ...Object.entries(versions).map(([key, value]) => [`${name}.version.${key}`, value]),
    ])
  const ofRun = [
    ['run', record.started?.runId ?? ''],
    ...Object.entries(record.started?.versions ?? {}).map(([key, value]) => [`version.${key}`, value]),
  ]
  return element(
    'properties',
    {},
    [...ofRun, ...ofBoards].map(([name, value]) => element('property', { name, value })),
  )
}

/** `tests/boot.spec.ts` as `tests.boot`, which readers take for package and class. */
function dotted(file: string): string {
  return file
    .replace(/^(?:\.{0,2}\/)+/, '')
    .replace(/(?:\.spec|\.test)?\.(?:[cm]?[jt]s|sh)$/, '')
    .replaceAll('/', '.')
}

/** UTC without a zone, as the schema of JUnit wants it. */
function timestamp({ started }: RunRecord, t = 0): string | undefined {
  return started === undefined
    ? undefined
    : new Date(Date.parse(started.startedAt) + t).toISOString().slice(0, 19)
}

function makeUnique(): (scope: string, name: string) => string {
  const seen = new Map<string, number>()
  return (scope, name) => {
    for (;;) {
      const count = (seen.get(`${scope}\0${name}`) ?? 0) + 1
      seen.set(`${scope}\0${name}`, count)
      if (count === 1) return name
      const numbered = `${name} (${count})`
      if (!seen.has(`${scope}\0${numbered}`)) {
        seen.set(`${scope}\0${numbered}`, 1)
        return numbered
      }
    }
  }
}
