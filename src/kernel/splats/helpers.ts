/**
 * Whether a function only carries out what its caller asked for: a report that names one of these names
 * nobody. What is listed is what Linux calls its helpers; a part of the name is enough unless anchored.
 */
export function isHelper(name: string): boolean {
  return helper.test(name)
}

/** Those that find a fault, and those that print the report of it. */
const reporters = [
  ...['__sanitizer', '__asan', 'kasan', 'hwasan', '__msan', 'kmsan', 'kcsan_setup_watchpoint'],
  ...['check_memory_region', 'check_heap_object', 'check_object', '__fortify_report', 'assertfail'],
  ...['print_address_description', 'print_report', 'print_usage_bug', 'print_unlock', 'imbalance_bug'],
  ...['panic', 'report_bug', 'fixup_bug', '__warn', 'warn_slowpath', 'warn_alloc', 'warn_bogus'],
  ...[
    'show_stack',
    'dump_stack',
    'walk_stack',
    'dump_backtrace',
    'unwind_backtrace',
    'print_tainted',
    '^get_taint$',
  ],
  ...['arch_stack_walk', 'stack_trace_save', 'stack_trace_consume_entry', 'perf_trace', 'lockdep'],
  ...['printk', 'va_format', 'dev_(?:info|notice|warn|err|alert|crit|emerg)', 'hex_dump'],
]

/** The way from a trap to its handler. */
const traps = [
  ...['invalid_op', 'do_error', '_trap$', 'do_trap', 'program_check_(?:exception|common)'],
  ...['do_(?:kernel|translation)_fault', 'do_mem_abort', 'el1_abort', 'el1h_64_sync(?:_handler)?'],
  ...['__might_(?:fault|sleep|resched)', 'might_(?:fault|sleep)', '_indirect_thunk_'],
]

const memory = [
  ...['alloc_page', '[kv][mzc]alloc', 'krealloc', 'kmem_cache', 'allocate_slab', 'slab_', '^kv?free$'],
  ...['__alloc_frozen_pages_noprof', 'folio_(?:alloc|unlock)', 'filemap_alloc_folio', '__filemap_get_folio'],
  ...['find_or_create_page', 'do_read_cache_folio', 'read_cache_page', 'pagecache_get_page'],
  ...['grab_cache_page_write_begin', '__phys_addr', '^(?:un)?lock_page', 'mark_buffer_dirty'],
  ...[
    'truncate_inode_pages_range',
    'find_lock_entries',
    'kfree_skb',
    'ida_free',
    'malloc',
    'zalloc',
    'calloc',
  ],
]

const locks = [
  ...['lock_(?:acquire|release|class)', 'mark_lock', '(?:reacquire|mark)_held_locks', 'raw_spin_rq'],
  ...['spin_(?:lock|trylock|unlock)', '(?:read|write)_(?:lock|trylock|unlock)', 'owner_on_cpu'],
  ...['^down$', 'down_(?:read|write|trylock)', 'up_(?:read|write)', '^(?:__|rt_)?mutex_', 'osq_(?:un)?lock'],
  ...['bh_(?:en|dis)able', '(?:trace|lockdep)_(?:hard|soft)irq', '__wake_up', '^complete$'],
  ...['wait_for_completion', 'finish_wait', 'seqprop_assert', 'cleanup_srcu_struct'],
]

const atoms = [
  'atomic(?:64)?_(?:dec|inc|read|set|or|xor|and|add|sub|fetch|xchg|cmpxchg|try)',
  ...['(?:set|clear|change|test)_bit', '^refcount_', '^kref_', 'ref_tracker', 'read_word_at_a_time'],
  ...['(?:read|write)_once_.*nocheck', '(?:read|write)[bwlq]$', 'logic_(?:in|out)', '^crc\\d', 'crc_itu_t'],
]

const strings = [
  ...['mem(?:cpy|cmp|set|chr|move|dup)', 'strn?cmp', 'str[nls]?cpy', 'strscpy', 'strn?len', 'strn?str'],
  ...['strchr', 'strn?dup', 'string', 'pointer', 'sc?nprintf', 'kv?asprintf', 'add_uevent_var'],
  ...['copy_(?:to|from)_(?:user|iter)', 'copy_(?:page|folio)_(?:to|from)_iter', '^copy(?:in|out)$'],
  ...['(?:get|put)_user', 'extract_(?:user|iter)_to_sg'],
]

const containers = [
  ...['list_(?:add|del|replace|move|splice)', '^(?:__)?rb_', 'xas_(?:start|load|find)', '^klist_'],
  'rhashtable_lookup',
]

/** Ends of objects and of work that belong to whoever asked for them. */
const lives = [
  ...['debug_object', '(?:timer|work)_is_static_object', 'del_timer', '__timer_delete_sync', '__mod_timer'],
  ...['lock_timer_base', 'sk_stop_timer_sync', '(?:flush|queue|insert)_work', '__cancel_work_timer'],
  ...['cancel_work_sync', 'try_to_grab_pending', '(?:flush|drain|destroy)_workqueue'],
  ...['__queue_delayed_work', 'queue_delayed_work_on', 'kthread_stop', '^iput(?:_final)?$', '^ihold$'],
  ...['drop_nlink', 'dput', '^put_device$', 'kobject_', 'get_device_parent'],
  ...['device_(?:add|del|unregister|destroy|release|for_each_child|remove_file)', 'devres_release_all'],
  ...['sysfs_remove', 'hwrng_unregister', 'i2c_del_adapter', '__unregister_client'],
  ...['rollback_registered', 'unregister_netdev', 'tty_unregister_device', 'dummy_urb_enqueue'],
  ...['usb_kill_(?:urb|anchored_urbs)', 'usb_control_msg', 'usb_(?:hcd_)?submit_urb'],
]

const helper = new RegExp(
  [reporters, traps, memory, locks, atoms, strings, containers, lives].flat().join('|'),
)
