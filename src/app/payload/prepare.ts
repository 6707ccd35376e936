import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { adaptPayload, type AdaptedPayload } from '../../build/adapt-payload.ts'
import { buildPayload } from '../../build/build-payload.ts'
import { isFitFile } from '../../build/files.ts'
import { recordPresentInputs, type InputRecords } from '../../build/input-records.ts'
import { inspectPayload } from '../../build/inspect-payload.ts'
import { payloadFileName, readPayloadFile } from '../../build/payload-file.ts'
import { verifyArtifacts } from '../../build/verify-artifacts.ts'
import { HilError } from '../../core/errors.ts'
import { ownPackage } from '../../core/own-package.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { PayloadSettings } from '../../environment/payload-settings.ts'
import { preflight, type Finding, type Payload } from '../../payload/index.ts'
import type { PrepareBoot } from '../../session/board/prepared-boot.ts'
import { toTarget } from './board-target.ts'
import { cacheDirectory } from './cache.ts'
import { publishPayload, stockPlan } from './publish.ts'
import { toRequest } from './payload-request.ts'

export interface PreparerOptions {
  /** Errors of the check are told, but do not count. */
  readonly force: boolean
  /** Is told which files a payload was made of, as they were. */
  readonly onInputs?: (board: string, inputs: InputRecords) => void
}

/** Makes and checks what boards are to boot. */
export function preparer({ force, onInputs }: PreparerOptions): PrepareBoot {
  return async (spec) => {
    const { payload: settings } = spec.boot
    if (settings === undefined) {
      return { payload: undefined, publish: (boot) => Promise.resolve(stockPlan(boot)), notes: [] }
    }
    const { directory, payload, inputs, notes } = await makePayload(settings, spec)
    onInputs?.(spec.name, inputs)
    // What was built just now is hashed when it is published, and only then.
    const stale = settings.directory === undefined ? [] : await verifyArtifacts(directory, payload)
    const { findings, adapted } = await checkForBoard(directory, payload, spec, { stale })
    const errors = findings.filter(({ severity }) => severity === 'error')
    if (adapted === undefined) throw unusable(spec.name, directory, errors)
    if (errors.length > 0 && !force) {
      throw unusable(spec.name, directory, errors, ' (--force tries it all the same)')
    }
    const { image, kernel, nonce } = adapted.payload
    return {
      payload: { nonce, kernel: image && kernel },
      publish: (boot, context, t) =>
        publishPayload(adapted, boot, { ...context, architecture: spec.architecture }, t),
      notes: [...notes, ...findings.map(({ sentence, remedy }) => `${sentence}; ${remedy}`)],
    }
  }
}

interface MadePayload {
  readonly directory: string
  readonly payload: Payload
  readonly inputs: InputRecords
  readonly notes: readonly string[]
}

/** The payload that a board's settings ask for: as it was made before, or built in the cache. */
async function makePayload(settings: PayloadSettings, spec: BoardSpec): Promise<MadePayload> {
  const { directory } = settings
  if (directory !== undefined) {
    const inputs = await recordPresentInputs([join(directory, payloadFileName)], {})
    return { directory, payload: await readPayloadFile(directory), inputs, notes: [] }
  }
  const { kernel } = settings
  const isFit = kernel !== undefined && (await isFitFile(kernel))
  const chosen = isFit ? { ...settings, kernel: undefined, fit: kernel } : settings
  const { make: _, ...key } = chosen
  const output = await cacheDirectory(spec.name, [key, toTarget(spec)])
  const built = await buildPayload(toRequest(chosen, { output, board: spec, bootargs: [] }))
  return { directory: output, payload: built.payload, inputs: built.inputs, notes: built.notes }
}

interface Checked {
  /** Errors first. */
  readonly findings: readonly Finding[]
  /** Undefined where that has failed, as an error says. */
  readonly adapted: AdaptedPayload | undefined
}

interface CheckOptions {
  /** Files that are not those of the payload any more. */
  readonly stale: readonly Finding[]
  /** RAM of the board, in place of what the environment says. */
  readonly memoryBytes?: number | undefined
}

/** All that can be told of a payload before a board is switched on, and the payload as this board takes it. */
export async function checkForBoard(
  directory: string,
  payload: Payload,
  spec: BoardSpec,
  { stale, memoryBytes }: CheckOptions,
): Promise<Checked> {
  // What is not there, or is something else, says nothing about the payload.
  if (stale.length > 0) return { findings: stale, adapted: undefined }
  const target = toTarget(spec)
  const output = await cacheDirectory(`${spec.name}-adapted`, [payload.nonce, target])
  try {
    const adapted = await adaptPayload(directory, payload, target, output)
    const board = { ...target, memoryBytes: memoryBytes ?? spec.memoryBytes }
    const findings = await remembered(join(output, 'findings.json'), [payload.nonce, board], async () => {
      const { contents } = await inspectPayload(adapted.paths, adapted.payload, board)
      return preflight({ payload: adapted.payload, contents, board })
    })
    return { findings, adapted }
  } catch (error) {
    if (!(error instanceof HilError) || error.blame !== 'payload') throw error
    return { findings: [toFinding(error)], adapted: undefined }
  }
}

/** The same payload gives the same findings: looking into all of it takes its time. */
async function remembered(
  file: string,
  about: unknown,
  find: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const key = JSON.stringify([ownPackage().version, about])
  const known = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as {
    readonly key?: string
    readonly findings?: readonly Finding[]
  }
  if (known.key === key && known.findings !== undefined) return known.findings
  const findings = await find()
  await writeFile(file, JSON.stringify({ key, findings }))
  return findings
}

function toFinding({ code, message }: HilError): Finding {
  return { severity: 'error', code, file: undefined, sentence: message, remedy: 'build another payload' }
}

function unusable(board: string, directory: string, errors: readonly Finding[], hint = ''): HilError {
  const list = errors.map(({ file, sentence, remedy }) => {
    const where = file === undefined || sentence.includes(file) ? '' : `${file}: `
    return `${where}${sentence}; ${remedy}`
  })
  const [first] = errors
  return new HilError(
    first?.code ?? 'payload.unusable',
    `the payload can't boot ${board}: ${list.join('. Also, ')}${hint}`,
    { blame: 'payload', details: { board, directory, findings: errors } },
  )
}
