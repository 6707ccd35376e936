import type { SplatKind } from '../splat-kind.ts'

const base = { kind: 'memory', level: 'error', trigger: 'BUG:' } as const

const outOfMemory = {
  kind: 'out-of-memory',
  level: 'error',
  trigger: 'invoked oom-killer: ',
  under: 'beside',
  end: /Kill(?:ed)? process|System is deadlocked|Out of memory and no killable/,
} as const

/** Pages and their books, leaks, and memory that ran out. */
export const memory: readonly SplatKind[] = [
  { ...base, start: /BUG: Bad rss-counter state/, title: 'BUG: Bad rss-counter state', isOneLine: true },
  {
    ...base,
    start: /BUG: non-zero (nr_pte|nr_pmd|pgtables_byte)s(?:_bytes)? on freeing mm/,
    title: 'BUG: non-zero {1}s on freeing mm',
    isOneLine: true,
  },
  {
    ...base,
    start: /BUG: Bad page (state|cache)/,
    title: 'BUG: Bad page {1} in {place}',
    // Where the page was found says nothing; where it was allocated does (CONFIG_PAGE_OWNER).
    place: {
      steps: [/page last allocated/, 'stack'],
      notIn:
        /(?:free|put|get|update|release)_page|free_unref|^_*folio|truncate_inode_pages|page_frag_free|alloc|vmap|page_owner/,
    },
  },
  { ...base, start: /BUG: Bad page map/, title: 'BUG: Bad page map' },
  {
    ...base,
    kind: 'memory-leak',
    start: /BUG: memory leak/,
    title: 'memory leak in {place}',
    place: {
      steps: [/backtrace(?: \(crc [0-9a-fA-F]{1,16}\))?:/, 'stack'],
      notIn:
        /kmemleak|mmap|kmem|slab|alloc|create_object|idr_get|list_lru_init|kv?asprintf|pcpu_create|strn?dup|memdup/,
    },
  },
  {
    ...outOfMemory,
    detail: /Kill(?:ed)? process \d{1,8} \((.{1,40}?)\)/,
    title: 'out of memory: killed {1}',
  },
  { ...outOfMemory, title: 'out of memory' },
]
