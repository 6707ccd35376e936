import { z } from 'zod'
import { bisectionVersion, type BisectionRecord } from './bisection-record.ts'
import { HilError } from './errors.ts'

const text = z.string()
const texts = z.array(text).readonly()
const count = z.int().min(0)
const duration = z.number().min(0)
const probability = z.number().min(0).max(1)
const time = z.iso.datetime({ offset: true })
const byName = z.record(text, text).readonly()

const source = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['kernel-tree', 'command']),
    repository: text,
    command: text.exactOptional(),
    firstParent: z.boolean(),
    paths: texts,
    skipped: texts,
    remote: text.exactOptional(),
    branch: text.exactOptional(),
    isLinux: z.boolean().exactOptional(),
  }),
  z.object({ kind: z.literal('payloads'), from: text }),
])

const commit = z.object({
  id: text,
  shortId: text,
  subject: text,
  author: text.exactOptional(),
  // Git passes on what people's clocks said, and that is not always a time.
  date: text.exactOptional(),
  parents: texts,
  describe: text.exactOptional(),
})

const signature = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('splat'), signature: text, title: text }),
  z.object({ kind: z.literal('test'), test: text, message: text }),
  z.object({ kind: z.literal('boot'), code: text, stage: text, message: text }),
])

const build = z.object({
  commit: text,
  startedAt: time,
  durationMs: duration,
  identity: text.exactOptional(),
  obstacle: text.exactOptional(),
  log: text.exactOptional(),
  notes: z.array(text).exactOptional(),
  isCached: z.boolean().exactOptional(),
})

const probe = z.object({
  number: z.int().min(1),
  commit: text,
  purpose: z.enum([
    'failing-end',
    'passing-end',
    'search',
    'origin',
    'culprit',
    'parent',
    'revert',
    'golden',
  ]),
  board: text,
  startedAt: time,
  durationMs: duration,
  outcome: z.enum(['pass', 'fail', 'other', 'untestable', 'infrastructure']),
  why: text,
  signature: signature.exactOptional(),
  powerCycles: count,
  identity: text.exactOptional(),
  report: text.exactOptional(),
})

const conclusion = z.object({
  kind: z.enum([
    'found',
    'narrowed',
    'failing-end-passes',
    'passing-end-fails',
    'end-untestable',
    'contradiction',
  ]),
  summary: text,
  commits: texts,
  confidence: probability.exactOptional(),
  isSure: z.boolean().exactOptional(),
  checks: z
    .array(z.object({ name: text, result: z.enum(['passed', 'failed', 'not done']), detail: text }))
    .readonly(),
})

const record = z.object({
  version: z.literal(bisectionVersion),
  id: text,
  startedAt: time,
  finishedAt: time.exactOptional(),
  argv: texts,
  change: z.enum(['regression', 'fix']),
  terms: z.object({ old: text, new: text }),
  source,
  ends: z.object({ failing: text, passing: texts }),
  rangeSize: count,
  commits: z.record(text, commit).readonly(),
  confidenceWanted: probability,
  environmentFile: text,
  specs: texts,
  boards: texts,
  versions: byName.exactOptional(),
  kernel: z
    .object({
      architecture: text.exactOptional(),
      compiler: text.exactOptional(),
      config: z.object({ name: text, sha256: text }).exactOptional(),
    })
    .exactOptional(),
  reporter: z.object({ name: text, email: text }).exactOptional(),
  signature: signature.exactOptional(),
  builds: z.array(build).readonly(),
  probes: z.array(probe).readonly(),
  setAside: byName,
  boardsOut: byName,
  notes: texts,
  activeMs: duration,
  conclusion: conclusion.exactOptional(),
  stopped: text.exactOptional(),
}) satisfies z.ZodType<BisectionRecord>

/**
 * What was read as the record of a bisection, as it is: fields that this hil does not know are kept.
 * @param file where it was read, for messages
 * @throws HilError `bisect.state` (environment) for what is none, or newer than this hil
 */
export function parseBisection(value: unknown, file: string): BisectionRecord {
  const { version } = (value ?? {}) as { readonly version?: unknown }
  if (typeof version === 'number' && version > bisectionVersion) {
    throw unreadable(
      file,
      `it was written by a newer hil (format ${version}; this one reads up to ${bisectionVersion})`,
    )
  }
  const { error } = record.safeParse(value)
  const [issue] = error?.issues ?? []
  if (issue === undefined) return value as BisectionRecord
  const place = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `
  throw unreadable(file, `${place}${issue.message}`)
}

function unreadable(file: string, why: string): HilError {
  return new HilError('bisect.state', `${file} can't be read as the record of a bisection: ${why}`, {
    blame: 'environment',
    details: { file },
  })
}

/** The JSON Schema of a record, for whoever reads one elsewhere: fields that it does not name may come. */
export function bisectionJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(record, {
    target: 'draft-07',
    io: 'input',
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly
      // Limits and forms that come from JavaScript say nothing here.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
    },
  })
  return {
    $schema,
    title: 'hil bisection',
    description: 'bisect.json, which "hil bisect" keeps in its directory; docs/bisect.md says what it means.',
    ...schema,
  }
}
