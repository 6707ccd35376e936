import assert from 'node:assert/strict'
import fc from 'fast-check'
import { negotiate } from '../../../../src/servers/tftp/negotiate.ts'
import type { TftpPacket } from '../../../../src/servers/tftp/packet.ts'
import { Transfer, type BlockRange, type TransferSend } from '../../../../src/servers/tftp/transfer.ts'
import { Receiver } from '../../../support/tftp/receiver.ts'
import { randomFrom } from '../../../support/tftp/bad-link.ts'
import { fuzzRuns } from '../../../support/fuzz/runs.ts'

const timing = { initialMs: 500, shortestMs: 100, longestMs: 2000, giveUpMs: 10_000 }

function transferOf(size: number, options: Record<string, string | number> = {}, giveUpMs = timing.giveUpMs) {
  const pairs = Object.entries(options).map(([name, value]) => [name, String(value)] as const)
  return new Transfer(size, negotiate(new Map(pairs), size), { ...timing, giveUpMs })
}

const ack = (block: number): TftpPacket => ({ type: 'ack', block })

describe('A TFTP transfer', () => {
  it('sends block after block, each when the one before was acknowledged, and ends with a short one', () => {
    const transfer = transferOf(1030)
    assert.deepEqual(transfer.start(0), { from: 1, count: 1 })
    assert.deepEqual(transfer.receive(ack(1), 1), { from: 2, count: 1 })
    assert.deepEqual(transfer.receive(ack(2), 2), { from: 3, count: 1 })
    assert.equal(transfer.acknowledgedBytes, 1024)
    assert.equal(transfer.receive(ack(3), 3), undefined)
    assert.deepEqual(transfer.end, { how: 'complete' })
    assert.deepEqual([transfer.sentBytes, transfer.acknowledgedBytes, transfer.resentBlocks], [1030, 1030, 0])
  })

  it('ends with an empty block where the size is a multiple of the block size, and for an empty file', () => {
    const exact = transferOf(1024)
    exact.start(0)
    exact.receive(ack(1), 1)
    assert.deepEqual(exact.receive(ack(2), 2), { from: 3, count: 1 })
    assert.equal(exact.end, undefined)
    exact.receive(ack(3), 3)
    assert.deepEqual(exact.end, { how: 'complete' })
    const empty = transferOf(0)
    assert.deepEqual(empty.start(0), { from: 1, count: 1 })
    empty.receive(ack(1), 1)
    assert.deepEqual(empty.end, { how: 'complete' })
  })

  it('confirms options first and sends data when they are acknowledged', () => {
    const transfer = transferOf(10, { tsize: 0 })
    assert.equal(transfer.start(0), 'options')
    assert.equal(transfer.isAnswered, false)
    assert.equal(transfer.receive(ack(1), 1), undefined)
    assert.deepEqual(transfer.receive(ack(0), 2), { from: 1, count: 1 })
    assert.equal(transfer.isAnswered, true)
  })

  it('is ended by the client, as by barebox after a look at the size', () => {
    const transfer = transferOf(10_000, { tsize: 0 })
    transfer.start(0)
    transfer.receive(ack(0), 1)
    transfer.receive({ type: 'error', code: 0, message: '' }, 2)
    assert.deepEqual(transfer.end, { how: 'aborted', code: 0, message: '' })
    assert.equal(transfer.acknowledgedBytes, 0)
    assert.equal(transfer.receive(ack(1), 3), undefined)
    assert.equal(transfer.elapse(1e6), undefined)
  })

  it('goes round with its block numbers after 65535', () => {
    const transfer = transferOf(70_000 * 8, { blksize: 8 })
    transfer.start(0)
    let send = transfer.receive(ack(0), 0)
    for (let block = 1; block <= 70_001; block++) {
      assert.deepEqual(send, { from: block, count: 1 })
      send = transfer.receive(ack(block & 0xffff), block)
    }
    assert.deepEqual(transfer.end, { how: 'complete' })
  })

  it('never answers a duplicate ACK when it goes in lock-step', () => {
    const transfer = transferOf(5000)
    transfer.start(0)
    assert.deepEqual(transfer.receive(ack(1), 1), { from: 2, count: 1 })
    for (const now of [2, 50, 99]) assert.equal(transfer.receive(ack(1), now), undefined)
    assert.equal(transfer.receive(ack(0), 100), undefined)
    assert.equal(transfer.receive(ack(3), 100), undefined)
    assert.deepEqual(transfer.receive(ack(2), 100), { from: 3, count: 1 })
    assert.equal(transfer.resentBlocks, 0)
  })

  it('sends again when it hears nothing: after the round trip it measured, then ever more rarely', () => {
    const transfer = transferOf(5000)
    transfer.start(0)
    assert.equal(transfer.wakeAt, 500)
    assert.equal(transfer.elapse(499), undefined)
    transfer.receive(ack(1), 10)
    assert.equal(transfer.wakeAt, 110)
    const waits: number[] = []
    let now = 10
    for (;;) {
      waits.push(transfer.wakeAt - now)
      now = transfer.wakeAt
      const send = transfer.elapse(now)
      if (send === undefined) break
      assert.deepEqual(send, { from: 2, count: 1 })
    }
    assert.deepEqual(waits.slice(0, 7), [100, 200, 400, 800, 1600, 2000, 2000])
    assert.deepEqual(transfer.end, { how: 'timed-out' })
    assert.equal(now, 10 + timing.giveUpMs)
  })

  it('does not learn from the answer to what was sent twice', () => {
    const transfer = transferOf(5000)
    transfer.start(0)
    transfer.elapse(500)
    transfer.receive(ack(1), 501)
    assert.equal(transfer.wakeAt, 501 + timing.initialMs)
  })

  it('repeats the options when their ACK is lost', () => {
    const transfer = transferOf(5000, { blksize: 1000 })
    transfer.start(0)
    assert.equal(transfer.elapse(500), 'options')
  })

  describe('with windows', () => {
    const windowed = () => {
      const transfer = transferOf(10_000, { blksize: 1000, windowsize: 4 })
      transfer.start(0)
      assert.deepEqual(transfer.receive(ack(0), 10), { from: 1, count: 4 })
      return transfer
    }

    it('sends a window for each ACK', () => {
      const transfer = windowed()
      assert.deepEqual(transfer.receive(ack(4), 20), { from: 5, count: 4 })
      assert.deepEqual(transfer.receive(ack(8), 30), { from: 9, count: 3 })
      transfer.receive(ack(11), 40)
      assert.deepEqual(transfer.end, { how: 'complete' })
    })

    it('goes back to the block after an earlier ACK, once for however many of them', () => {
      const transfer = windowed()
      assert.deepEqual(transfer.receive(ack(2), 20), { from: 3, count: 4 })
      assert.equal(transfer.receive(ack(2), 20.1), undefined)
      assert.equal(transfer.receive(ack(2), 20.2), undefined)
      assert.equal(transfer.resentBlocks, 2)
      assert.deepEqual(transfer.receive(ack(6), 30), { from: 7, count: 4 })
    })

    it('goes back to the start of a window whose first block was lost, but not for an old duplicate', () => {
      const transfer = windowed()
      assert.deepEqual(transfer.receive(ack(4), 20), { from: 5, count: 4 })
      assert.equal(transfer.receive(ack(4), 22), undefined)
      assert.deepEqual(transfer.receive(ack(4), 31), { from: 5, count: 4 })
      assert.equal(transfer.receive(ack(3), 32), undefined)
    })

    it('sends the whole window again when it hears nothing', () => {
      const transfer = windowed()
      assert.deepEqual(transfer.elapse(200), { from: 1, count: 4 })
    })
  })

  const link = fc.record({
    blocks: fc.integer({ min: 1, max: 150 }),
    blksize: fc.integer({ min: 8, max: 40 }),
    short: fc.nat(7),
    windowsize: fc.integer({ min: 1, max: 40 }),
    loss: fc.constantFrom(0, 0.02, 0.2),
    duplication: fc.constantFrom(0, 0.1, 1),
    jitterMs: fc.constantFrom(0, 1, 30),
    seed: fc.nat(),
  })

  it('brings any file over any link that loses, doubles, delays and swaps packets', () => {
    fc.assert(
      fc.property(link, (options) => {
        const { blocks } = options
        const { transfer, receiver, sent } = simulate(options)
        assert.equal(transfer.end?.how === 'complete' || receiver.isComplete, true)
        assert.equal(receiver.content.length, (options.blocks - 1) * options.blksize + options.short)
        // Lock-step: without loss nothing is sent twice, however many ACKs come twice.
        if (options.windowsize === 1 && options.loss === 0) assert.equal(sent, blocks)
        // Windows: what is sent again for nothing must not grow from window to window.
        if (options.loss === 0 && options.jitterMs === 0)
          assert.ok(sent <= 2 * blocks + 80, `${sent} of ${blocks}`)
      }),
      { numRuns: fuzzRuns({ usual: 300, share: 0.01 }) },
    )
  })

  it('takes any packets at any time without sending what does not exist', () => {
    const packet = fc.oneof(
      { arbitrary: fc.nat(20).map(ack), weight: 20 },
      { arbitrary: fc.integer({ min: 65_500, max: 65_535 }).map(ack), weight: 1 },
      {
        arbitrary: fc.constant<TftpPacket>({ type: 'data', block: 1, payload: new Uint8Array(3) }),
        weight: 1,
      },
      { arbitrary: fc.constant<TftpPacket>({ type: 'options-ack', options: new Map() }), weight: 1 },
    )
    const step = fc.record({ packet: fc.option(packet), after: fc.nat(300) })
    const run = fc.tuple(fc.nat(9000), fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 40 }))
    fc.assert(
      fc.property(run, ([size, windowsize, steps]) => {
        const transfer = transferOf(size, { blksize: 500, windowsize })
        let now = 0
        let acknowledged = 0
        const check = (send: TransferSend | undefined) => {
          if (typeof send === 'object') {
            assert.ok(send.from >= 1 && send.count >= 1 && send.count <= windowsize)
            assert.ok((send.from + send.count - 2) * 500 <= size)
          }
          assert.ok(transfer.acknowledgedBytes >= acknowledged, 'what has arrived has arrived')
          assert.ok(transfer.acknowledgedBytes <= transfer.sentBytes && transfer.sentBytes <= size)
          acknowledged = transfer.acknowledgedBytes
        }
        check(transfer.start(now))
        for (const { packet: received, after } of steps) {
          now += after
          check(received === null ? transfer.elapse(now) : transfer.receive(received, now))
        }
      }),
      { numRuns: fuzzRuns({ usual: 1000, share: 0.05 }) },
    )
  })
})

interface Simulated {
  readonly blocks: number
  readonly short: number
  readonly blksize: number
  readonly windowsize: number
  readonly loss: number
  readonly duplication: number
  readonly jitterMs: number
  readonly seed: number
}

/** A transfer to a client over a bad link, in simulated time. */
function simulate({ blocks, short, blksize, windowsize, loss, duplication, jitterMs, seed }: Simulated) {
  const random = randomFrom(seed)
  const size = (blocks - 1) * blksize + short
  // At 20 % loss some block needs many tries.
  const transfer = transferOf(size, { blksize, windowsize }, 100_000)
  const receiver = new Receiver(blksize, windowsize)
  const clientRetryMs = 1000
  const queue: { at: number; order: number; arrive: () => void }[] = []
  let now = 0
  let order = 0
  let sent = 0
  let clientRetryAt = clientRetryMs

  const carry = (arrive: () => void) => {
    const copies = random() < duplication ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      if (random() < loss) continue
      queue.push({ at: now + 0.5 + random() * jitterMs, order: order++, arrive })
    }
  }
  const toClient = (send: TransferSend | undefined) => {
    if (send === 'options') carry(acknowledge)
    else if (send !== undefined) sendBlocks(send)
  }
  const sendBlocks = ({ from, count }: BlockRange) => {
    for (let block = from; block < from + count; block++) {
      sent += 1
      const payload = new Uint8Array(Math.min(blksize, size - (block - 1) * blksize))
      carry(() => {
        clientRetryAt = now + clientRetryMs
        if (receiver.data(block & 0xffff, payload)) acknowledge()
      })
    }
  }
  const acknowledge = () => {
    const packet = ack(receiver.received)
    carry(() => {
      toClient(transfer.receive(packet, now))
    })
  }

  toClient(transfer.start(now))
  while (transfer.end === undefined && now < 1e7) {
    queue.sort((a, b) => a.at - b.at || a.order - b.order)
    const next = queue[0]
    now = Math.min(next?.at ?? Infinity, transfer.wakeAt, clientRetryAt)
    if (next !== undefined && next.at <= now) {
      queue.shift()
      next.arrive()
    } else if (clientRetryAt <= now) {
      clientRetryAt = now + clientRetryMs
      // A client that has everything is gone: its last ACK may be lost for good.
      if (!receiver.isComplete) acknowledge()
    } else toClient(transfer.elapse(now))
  }
  return { transfer, receiver, sent }
}
