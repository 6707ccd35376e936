import { createHash } from 'node:crypto'
import type { CommitNode } from '../../../src/bisect/search/commit-graph.ts'
import type { CommitDescription } from '../../../src/core/bisection-record.ts'

/** A history between two releases that nobody has written. */
export interface InventedHistory {
  /** The end that all others come after; it is not among `commits`. */
  readonly base: CommitDescription
  /** Parents before children. */
  readonly commits: readonly CommitDescription[]
}

export function inventHistory(
  count: number,
  { random, merges }: { readonly random: () => number; readonly merges: boolean },
): InventedHistory {
  const ids = Array.from({ length: count + 1 }, (_, index) => idFrom(index, random))
  const [base = ''] = ids
  const nodes = merges
    ? branchingNodes(ids, random)
    : ids.slice(1).map((id, index) => ({ id, parents: [ids[index] ?? ''] }))
  return {
    base: {
      id: base,
      shortId: base.slice(0, 12),
      subject: 'Linux 6.17',
      parents: [],
      describe: 'v6.17',
    },
    commits: nodes.map(({ id, parents }, index) => {
      const isLast = index === nodes.length - 1
      const date = new Date(Date.UTC(2026, 0, 5) + (index / nodes.length) * 60 * 86_400_000).toISOString()
      return {
        id,
        shortId: id.slice(0, 12),
        subject: isLast ? 'Linux 6.18' : parents.length > 1 ? mergeSubject(random) : subject(random),
        author: 'A developer <developer@example.org>',
        date,
        parents,
        describe: isLast ? 'v6.18' : `v6.17-${index + 1}-g${id.slice(0, 12)}`,
      }
    }),
  }
}

/** Up to six lines of work side by side, which fork and are merged again; the last commit merges all that are left. */
function branchingNodes([base = '', ...ids]: readonly string[], random: () => number): readonly CommitNode[] {
  const heads = [base]
  return ids.map((id, index) => {
    if (index === ids.length - 1) return { id, parents: [...heads] }
    const line = Math.floor(random() * heads.length)
    const head = heads[line] ?? base
    if (heads.length < 6 && random() < 0.08) {
      heads.push(id)
      return { id, parents: [head] }
    }
    heads[line] = id
    const other = Math.floor(random() * heads.length)
    if (other === line || random() > 0.08) return { id, parents: [head] }
    return { id, parents: [head, ...heads.splice(other, 1)] }
  })
}

/** @param index so that no two are the same */
function idFrom(index: number, random: () => number): string {
  return createHash('sha1').update(`${index} ${random()}`).digest('hex')
}

const areas = [
  'net: stmmac: dwmac-rk',
  'mmc: sdhci-of-dwcmshc',
  'clk: rockchip: rk3568',
  'usb: dwc3: gadget',
  'phy: rockchip: naneng-combphy',
  'drm/rockchip: vop2',
  'arm64: dts: rockchip',
  'mm/page_alloc',
  'sched/fair',
  'PCI: dw-rockchip',
  'regulator: rk808',
  'iio: adc: rockchip_saradc',
]
const changes = [
  'fix the order in which clocks are enabled',
  'do not wait for a reset that has ended',
  'use devm_clk_bulk_get_all_enabled()',
  'simplify error handling in probe',
  'drop a check that is always true',
  'request interrupts after the registers are mapped',
  'add support for the second port',
  'constify the table of operations',
  'correct a spelling mistake in a comment',
  'move to the generic helper',
  'handle suspend without a PHY',
  'report why the link is down',
]

function subject(random: () => number): string {
  return `${pickOf(areas, random)}: ${pickOf(changes, random)}`
}

function mergeSubject(random: () => number): string {
  const [area = ''] = pickOf(areas, random).split(':')
  return `Merge tag '${area.replaceAll('/', '-')}-for-6.18' of git://git.example.org/linux`
}

function pickOf(all: readonly string[], random: () => number): string {
  return all[Math.floor(random() * all.length)] ?? ''
}
