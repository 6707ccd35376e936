import { z } from 'zod'
import { blames } from './errors.ts'
import { examinationVersion, stepIds, type Examinations } from './examination.ts'
import { verdicts, type Verdict } from './verdicts.ts'

const verdict = z.enum(Object.keys(verdicts) as [Verdict, ...Verdict[]])
const duration = z.number().min(0).describe('Milliseconds.')

const finding = z.object({
  level: z.enum(['ok', 'warn', 'failed']),
  words: z.string().describe('One sentence: what is so.'),
  advice: z.string().exactOptional().describe('What to do about it.'),
  blame: z.enum(blames).exactOptional().describe('Who has to act on what failed.'),
})

const step = z.object({
  id: z.enum(stepIds),
  title: z.string(),
  outcome: z
    .enum(['ok', 'warn', 'failed', 'skipped'])
    .describe('The worst of its findings; skipped: it could not be tried, or there was nothing to try.'),
  findings: z.array(finding).readonly(),
  reason: z.string().exactOptional().describe('Why it was skipped.'),
  durationMs: duration,
})

const examinations = z.object({
  version: z.literal(examinationVersion),
  machine: z.array(finding).readonly(),
  boards: z
    .array(z.object({ board: z.string(), verdict, durationMs: duration, steps: z.array(step).readonly() }))
    .readonly(),
  verdict: verdict.describe('The gravest of all boards; it decides the exit code.'),
}) satisfies z.ZodType<Examinations>

/** The JSON Schema of what `hil doctor --json` prints: fields that it does not name may come. */
export function examinationJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(examinations, {
    target: 'draft-07',
    io: 'input',
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly
    },
  })
  return {
    $schema,
    title: 'hil doctor',
    description: 'What "hil doctor --json" prints; docs/doctor.md says what it means.',
    ...schema,
  }
}
