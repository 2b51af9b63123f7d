//! Arguments in, exit code out.

fn main() -> std::process::ExitCode {
    persona_workbench::cli::main()
}
