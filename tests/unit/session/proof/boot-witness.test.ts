import assert from 'node:assert/strict'
import type { BootObservation, BootPlan, ServedFile } from '../../../../src/board/boot-plan.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { HilError } from '../../../../src/core/errors.ts'
import type { FileFetch } from '../../../../src/core/file-fetch.ts'
import type { TakenBoard } from '../../../../src/lab/taken-board.ts'
import { BootWitness } from '../../../../src/session/proof/boot-witness.ts'

const image: ServedFile = { name: 'one/Image', size: 1000, sha256: 'a'.repeat(64), crc32: 1 }

const whole: FileFetch = {
  client: { host: '10.0.2.15', port: 1025 },
  name: image.name,
  sha256: image.sha256,
  size: image.size,
  sentBytes: image.size,
  acknowledgedBytes: image.size,
  resentBlocks: 0,
  options: {},
  end: 'complete',
  durationMs: 5,
}

const command: BootObservation = { type: 'boot-command', command: 'boot -o ... mmc0', isLate: true }
const overridden: BootObservation = {
  type: 'overridden',
  lines: ['[bootm override active] replacement OS: File(/mnt/hil/one/Image)'],
}
const handedOver: BootObservation = { type: 'handed-over', line: 'Loaded kernel to 0x40200000' }

/** Boots a payload of one file; what a boot is made of is told by the test, if there is one. */
async function witnessed(
  happens?: (tell: (seen: BootObservation) => void, fetch: () => void) => void,
  ended = Promise.resolve(),
  conclude = () => {},
) {
  const fetches: FileFetch[] = []
  const override = {
    server: { host: '10.0.2.2', port: 69 },
    image,
    isWhole: false,
    needsChecksums: false,
  }
  const board = {
    name: 'one',
    console: { watch: () => undefined },
    plan: (): Promise<BootPlan> => Promise.resolve({ bootargs: [], override }),
    fetches: () => [...fetches],
    settled: () => ended,
    concludeFetches: () => Promise.resolve(conclude()),
  } as unknown as TakenBoard
  const witness = new BootWitness(board, { nonce: '0123456789ab', kernel: undefined }, () => undefined)
  if (happens === undefined) return witness
  using t = startDeadline(1000, 'test')
  const { observe } = await witness.plan(t)
  happens(
    (seen) => observe?.(seen),
    () => fetches.push(whole),
  )
  return witness
}

describe('The witness of a boot', () => {
  it('takes a fetch for proof that came in the course of the boot', async () => {
    const witness = await witnessed((tell, fetch) => {
      tell(command)
      fetch()
      tell(overridden)
      tell(handedOver)
    })
    assert.equal(await witness.end(), undefined)
  })

  it('waits for the end of a fetch that is noted late', async () => {
    let note = () => {}
    const ended = new Promise<void>((resolve) => {
      setImmediate(() => {
        note()
        resolve()
      })
    })
    const witness = await witnessed((tell, fetch) => {
      note = fetch
      tell(command)
      tell(overridden)
      tell(handedOver)
    }, ended)
    using t = startDeadline(1000, 'test')
    await witness.reached(undefined, t)
  })

  it('ends a fetch whose last acknowledgement was lost, when the board has gone on', async () => {
    let conclude = () => {}
    const witness = await witnessed(
      (tell, fetch) => {
        conclude = fetch
        tell(command)
        tell(overridden)
        tell(handedOver)
      },
      Promise.resolve(),
      () => {
        conclude()
      },
    )
    assert.equal(await witness.end(), undefined)
  })

  it('takes none for proof that was made by a dry run, though its end is noted late', async () => {
    const witness = await witnessed((tell, fetch) => {
      tell({ type: 'dry-run' })
      fetch()
      tell(command)
      tell(overridden)
      tell(handedOver)
    })
    assert.equal((await witness.end())?.code, 'proof.fetched')
  })

  it('leaves nothing to the board where the bootloader never started the kernel', async () => {
    const cause = new HilError('console.timeout', 'it took too long', { blame: 'board' })
    const before = await witnessed((tell) => {
      tell(command)
    })
    const error = await before.failed(cause)
    assert.ok(error instanceof HilError)
    assert.equal(error.code, 'console.timeout')
    assert.equal(error.blame, 'infrastructure')
    assert.match(error.message, /it took too long; .*one\/Image fetched in full: never asked for/)
    assert.equal(error.cause, cause)
  })

  it('leaves nothing to the board either where that never came to its bootloader', async () => {
    const cause = new HilError('console.timeout', 'no prompt in time; it stayed silent', { blame: 'board' })
    const error = await (await witnessed()).failed(cause)
    assert.ok(error instanceof HilError)
    assert.equal(error.blame, 'infrastructure')
    assert.match(error.message, /it stayed silent; the kernel of the payload was never started$/)
  })

  it('leaves a console that was cut after the hand-over to the infrastructure', async () => {
    const cut = new HilError('console.closed', 'the console is gone', { blame: 'infrastructure' })
    const witness = await witnessed((tell, fetch) => {
      tell(command)
      fetch()
      tell(overridden)
      tell(handedOver)
    })
    assert.equal(await witness.failed(cut), cut)
  })

  it('leaves it to the board where a kernel was started and said nothing', async () => {
    const cause = new HilError('console.timeout', 'it took too long', { blame: 'board' })
    const witness = await witnessed((tell, fetch) => {
      tell(command)
      fetch()
      tell(overridden)
      tell(handedOver)
    })
    const error = await witness.failed(cause)
    assert.ok(error instanceof HilError)
    assert.equal(error.code, 'board.no-output')
    assert.equal(error.blame, 'board')
  })
})
