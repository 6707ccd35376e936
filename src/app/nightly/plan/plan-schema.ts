import { z } from 'zod'
import { duration, path, secretReference } from '../../../board/option-types.ts'
import { payloadSchema } from '../../../environment/schema/payload-schema.ts'

const words = (description: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe(`${description} One or a list.`)
    .transform((value) => (typeof value === 'string' ? [value] : value))

const paths = (description: string) =>
  z
    .union([path(description), z.array(path(description)).min(1)])
    .describe(`${description} One or a list.`)
    .transform((value) => (typeof value === 'string' ? [value] : value))

const priority = z
  .int()
  .min(-100)
  .max(100)
  .describe('What has the highest priority begins first, -100 to 100; that of payload and spec are added.')
  .default(0)

/** A payload is what a board takes under `boot.payload`, or a branch that it is built from. */
const payload = payloadSchema
  .safeExtend({
    branch: z
      .string()
      .min(1)
      .describe('What is built of the kernel tree, in a work tree of its own: a branch, tag or commit.')
      .optional(),
    config: path("The kernel's configuration; by default the .config of the tree.").optional(),
    repository: path('The git repository of "branch", where "build" is not run in a kernel tree.').optional(),
    build: z
      .string()
      .min(1)
      .describe('A command that builds the branch in place of make; see "hil bisect --build".')
      .optional(),
    bootargs: words("Added to the kernel's command line.").optional(),
    priority,
  })
  .superRefine((given, context) => {
    const complain = (key: string, message: string) => {
      context.addIssue({ code: 'custom', path: [key], message })
    }
    const tree = given['kernel-tree'] ?? given.repository
    if (given.branch !== undefined && tree === undefined) {
      complain('branch', '"branch" is of nothing: name the "kernel-tree" it is built from, or a "repository"')
    }
    for (const key of ['config', 'build', 'repository'] as const) {
      if (given[key] !== undefined && given.branch === undefined) {
        complain(key, `"${key}" is of no use without the "branch" that is built`)
      }
    }
    if (given.repository !== undefined && given.build === undefined) {
      complain('repository', '"repository" needs a "build" that makes a payload of it')
    }
    if (given.branch !== undefined && given.make === true) {
      complain('make', '"make" is run in the kernel tree as it is: a "branch" is always built')
    }
  })
  .describe('What to boot. Nothing: what the board boots by itself.')

const fileList = paths('Files, directories or globs.')

const spec = z.union([
  fileList,
  z.strictObject({
    files: fileList,
    grep: z
      .string()
      .min(1)
      .describe('Only tests whose full title matches this regular expression.')
      .optional(),
    state: z.string().min(1).describe('The state for specs that name none.').optional(),
    'test-timeout': duration('Limit of one test.').optional(),
    timeout: duration('Limit of a cell with this spec, in place of that under "cells".').optional(),
    retries: z.int().min(0).describe('In place of that under "cells".').optional(),
    priority,
  }),
])

const exclude = z
  .strictObject({
    board: words('Boards.').optional(),
    tag: words('Boards with all of these tags.').optional(),
    payload: words('Payloads.').optional(),
    spec: words('Specs.').optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    error: 'it names nothing, and would exclude every cell',
  })

const cells = z.strictObject({
  timeout: duration('Limit of one cell, from power-off to the verdict.').prefault('30min'),
  retries: z.int().min(0).describe('How many times a failed test is tried again.').default(0),
  'infrastructure-retries': z
    .int()
    .min(0)
    .describe('How many times a cell is tried again that the bench has failed.')
    .default(1),
  'at-once': z
    .int()
    .min(1)
    .describe('How many cells run at a time, for a small host; by default one on each board.')
    .optional(),
})

const failure = z.strictObject({
  'board-after': z
    .int()
    .min(0)
    .describe('A board that the bench fails so many times in a row is out for the night; 0: never.')
    .default(3),
  'payload-after': z
    .int()
    .min(0)
    .describe('A payload that fails so many cells, and passes none, is not tried any further; 0: never.')
    .default(0),
  'stop-after': z.int().min(0).describe('So many failed cells end the night; 0: none do.').default(0),
})

const command = z.string().min(1)

const hooks = z.strictObject({
  before: command.describe('A command before anything else; if it fails there is no night.').optional(),
  after: command.describe('A command at the end, when all reports are written.').optional(),
  'cell-before': command.describe('A command before each cell; if it fails, the bench has.').optional(),
  'cell-after': command.describe('A command after each cell.').optional(),
})

const health = z.union([
  z.boolean().describe('Whether a board shows before its first cell that it boots what it has.'),
  z.strictObject({
    specs: paths('What a healthy board passes, with what it boots by itself.'),
    timeout: duration('How long that may take.').prefault('10min'),
  }),
])

const bisect = z.strictObject({
  time: duration('How long all bisections of a night may take.'),
  builds: z.int().min(1).describe('How many kernels one may build.').optional(),
  'power-cycles': z.int().min(1).describe('How often one may switch boards on.').optional(),
  most: z.int().min(1).describe('How many bisections a night may begin.').default(1),
})

const when = z
  .enum(['change', 'always', 'failure'])
  .describe('change: if something is new since the last night; always; failure: if not all passed.')
  .default('change')

const mail = z.strictObject({
  to: words('Addresses.'),
  from: z.string().min(3).describe('The address it comes from.'),
  on: when,
  sendmail: z
    .union([z.literal(true), path('The program.')])
    .describe('Hand it to sendmail: true for the one in PATH, or its path.')
    .optional(),
  smtp: z
    .strictObject({
      host: z.string().min(1).describe('Name or address of the server.'),
      port: z.int().min(1).max(65535).describe('587 if absent; 465 with "tls".').optional(),
      tls: z
        .boolean()
        .describe('TLS from the first byte; else STARTTLS where the server has it.')
        .default(false),
      'require-tls': z.boolean().describe('Send nothing to a server without TLS.').default(false),
      user: z.string().min(1).describe('Whom to log in as.').optional(),
      password: secretReference.optional(),
    })
    .optional(),
})

const webhook = z.strictObject({
  url: z.union([z.url(), secretReference]).describe('Where to POST: a URL, or where one is kept secret.'),
  on: when,
  token: secretReference.describe('Sent as "Authorization: Bearer".').optional(),
})

/** A plan for nights; `docs/nightly.md` says what it means. */
export const planSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.+-]{1,60}$/, { error: 'a name has letters, digits, ".", "+", "-" and "_", 60 at most' })
    .describe('What its nights are called; by default as the file.')
    .optional(),
  environment: z.string().min(1).describe('Environment file; a bare name is looked up in env/ too.'),
  boards: words('Boards; by default all of the environment.').optional(),
  tags: words('Of these, boards that have all of these tags.').optional(),
  payloads: z
    .record(z.string().regex(/^[\w.+-]{1,60}$/), payload)
    .refine((given) => Object.keys(given).length > 0, { error: 'at least one payload is needed' })
    .describe('What is booted, by name.'),
  specs: z
    .record(z.string().regex(/^[\w.+-]{1,60}$/), spec)
    .refine((given) => Object.keys(given).length > 0, { error: 'at least one spec is needed' })
    .describe('What is run, by name.'),
  exclude: z.array(exclude).describe('What of the matrix is left out.').default([]),
  cells: cells.describe('What holds for each cell.').prefault({}),
  time: duration('How long the night may take.').optional(),
  wait: duration(
    'How long a board that others have is waited for; by default as long as the night lasts.',
  ).optional(),
  priority: z
    .int()
    .min(-100)
    .max(100)
    .describe('Place among those who wait for boards, -100 to 100: the highest comes first.')
    .default(0),
  failure: failure.describe('What is given up when.').prefault({}),
  hooks: hooks.describe('Commands of your own, run by a shell in the directory of the plan.').prefault({}),
  health: health.default(true),
  bisect: bisect.describe('What to spend on finding what broke a branch.').optional(),
  mail: mail.describe('Who gets a summary in the morning.').optional(),
  webhooks: z.array(webhook).describe('Who is told, as JSON.').default([]),
})

export type PlanOptions = z.output<typeof planSchema>
