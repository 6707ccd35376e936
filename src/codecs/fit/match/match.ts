import { openFdtRoot, toTexts } from '../../fdt/index.ts'
import type { RandomAccess } from '../../random-access.ts'
import type { Fit, FitConfiguration } from '../fit.ts'
import { imageAccess } from '../image-data.ts'
import { barebox } from './barebox.ts'
import type { Candidate, MatchRule } from './rule.ts'
import { uboot } from './uboot.ts'
import { warn, type FitWarning } from './warnings.ts'

export type FitBootloader = 'barebox' | 'uboot'

export interface FitMatch {
  /** What the bootloader will boot; undefined when it gives up. */
  readonly configuration: string | undefined
  readonly how: 'compatible' | 'default' | 'none'
  /** The board's string by which it was found. */
  readonly matched: string | undefined
  /** All that fit equally well; the bootloader takes the first. */
  readonly equals: readonly string[]
  readonly warnings: readonly FitWarning[]
}

const rules: Readonly<Record<FitBootloader, MatchRule>> = { barebox, uboot }

/**
 * Predicts which configuration a bootloader takes on its own, without one being named.
 *
 * @param board the `compatible` of the board's own device tree, the most specific first
 */
export async function matchFit(
  source: RandomAccess,
  fit: Fit,
  { board, bootloader }: { readonly board: readonly string[]; readonly bootloader: FitBootloader },
): Promise<FitMatch> {
  const configurations = [...fit.configurations.values()]
  const candidates = await Promise.all(
    configurations.map((configuration) => toCandidate(source, fit, configuration)),
  )
  const { best, matched } = rules[bootloader].choose(candidates, board)
  const [first] = best
  const fallback = first === undefined ? fit.configurations.get(fit.defaultConfiguration ?? '') : undefined
  const chosen = first?.configuration ?? fallback
  const match = {
    configuration: chosen?.name,
    how:
      first !== undefined
        ? ('compatible' as const)
        : fallback !== undefined
          ? ('default' as const)
          : ('none' as const),
    matched,
    equals: best.map(({ configuration }) => configuration.name),
  }
  return { ...match, warnings: warn({ fit, board, bootloader, candidates, chosen, match }) }
}

async function toCandidate(
  source: RandomAccess,
  fit: Fit,
  configuration: FitConfiguration,
): Promise<Candidate> {
  if (configuration.compatible.length > 0) return { configuration, compatible: configuration.compatible }
  const tree = fit.images.get(configuration.fdt[0] ?? '')
  if (tree?.compression !== 'none') return { configuration, compatible: undefined }
  const root = await openFdtRoot(imageAccess(source, tree))
  const compatible = root.properties.get('compatible')?.bytes
  return { configuration, compatible: compatible && toTexts(compatible, 'compatible') }
}
