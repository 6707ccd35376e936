/**
 * A CPU that hangs loops through several functions, and the report shows one of them at random. The way
 * it got there says more: the function that an entry point (a system call, an interrupt, a work queue)
 * called.
 */
export function calledByEntryPoint(frames: readonly string[]): string | undefined {
  const at = frames.findIndex((frame) => entryPoint.test(frame))
  const entry = frames[at]
  if (entry === undefined) return undefined
  // The other CPU is what it waits for: nothing below this says whose fault it is.
  return entry.includes('smp_call_function') ? 'smp_call_function' : frames[Math.max(0, at - 1)]
}

/**
 * A task that hangs is a victim: it waits for something others hold. Two such things are known by name;
 * else it is the function that began to wait.
 */
export function whatHangs(frames: readonly string[]): string | undefined {
  const known = frames.find((frame) => /rtnl_lock|synchronize_(?:s?rcu|net|sched)/.test(frame))
  if (known !== undefined) return known.includes('rtnl_lock') ? known : 'synchronize_rcu'
  return frames.find((frame) => !waiting.test(frame))
}

const waiting =
  /sched|_lock|_slowlock|down|rwsem|completion|kthread|wait|synchronize|context_switch|__switch_to|cancel_delayed_work|rcu_barrier/

const entryPoint = new RegExp(
  [
    // Work, timers, interrupts, threads.
    ...['process_one_work', 'do_softirq', 'run_ksoftirqd', 'tasklet_(?:hi_)?action', 'call_timer_fn'],
    ...['_run_timers', 'run_timer_softirq', 'hrtimer_run', 'netif_receive_skb', 'smp_call_function'],
    ...['smpboot_thread_fn', '^kthread$', 'start_secondary', 'cpu_startup_entry', 'ret_from_fork'],
    // System calls, and the way back from them.
    ...['do_(?:fast_)?syscall_', 'sysenter_dispatch', 'tracesys_phase2', 'el0_svc_handler'],
    ...[
      'invoke_syscall',
      '^do_el0_svc$',
      '^el0_svc$',
      '^do_one_initcall$',
      'ret_fast_syscall',
      'exit_to_usermode',
      'task_work_run',
      '__fput',
    ],
    // Faults.
    ...['__do_fault', 'do_page_fault', '^page_fault$'],
    // Calls that say nothing without the driver or protocol they lead to.
    ...['vfs_(?:iter_)?(?:read|write)', 'do_iter_(?:read|write)', 'call_(?:read|write)_iter'],
    ...['new_sync_(?:read|write)', '(?:vfs|ksys|compat|compat_sys|blkdev(?:_driver)?)_ioctl', '^call_mmap'],
    ...['mmap_region', 'do_mmap', 'do_dentry_open', 'vfs_open', '^(?:sys_)?(?:socketpair|connect|ioctl)'],
    ...['^sock_(?:sendmsg|recvmsg|mmap|do_ioctl|ioctl)', '^(?:__)?sock_release', '^compat_sock_ioctl'],
    ...['^setsockopt$', 'kernel_setsockopt', 'sock_common_setsockopt', '^listen$', 'kernel_listen'],
    ...['sk_common_release', '^accept$', 'kernel_accept', '^(?:nf|rt)netlink_rcv_msg', '^netlink_dump'],
  ].join('|'),
)
