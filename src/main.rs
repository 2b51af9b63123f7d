//! Arguments in, exit code out.

/// Reading a catalog is mostly small allocations, on all cores at once; the system's allocator takes a
/// third of that time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    persona_workbench::cli::main()
}
