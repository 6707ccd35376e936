import { openFdtRoot, toTexts } from '../../fdt/index.ts'
import type { RandomAccess } from '../../random-access.ts'
import type { Fit, FitImage } from '../fit.ts'
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
  const treeCompatible = compatibleOfTrees(source, fit)
  const candidates: Candidate[] = []
  for (const configuration of configurations) {
    const { compatible } = configuration
    candidates.push({
      configuration,
      compatible: compatible.length > 0 ? compatible : await treeCompatible(configuration.fdt[0] ?? ''),
    })
  }
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

/** What a device tree of the FIT is for, each read once; nothing is known of one that is compressed. */
function compatibleOfTrees(source: RandomAccess, fit: Fit) {
  const known = new Map<string, readonly string[] | undefined>()
  return async (name: string) => {
    if (!known.has(name)) known.set(name, await readCompatible(source, fit.images.get(name)))
    return known.get(name)
  }
}

async function readCompatible(
  source: RandomAccess,
  tree: FitImage | undefined,
): Promise<readonly string[] | undefined> {
  if (tree?.compression !== 'none') return undefined
  const root = await openFdtRoot(imageAccess(source, tree))
  const compatible = root.properties.get('compatible')?.bytes
  return compatible && toTexts(compatible, 'compatible')
}
