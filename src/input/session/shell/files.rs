//! Which files the plain forms of well-known commands change.

use super::base_name;

/// Files that the plain forms of well-known commands change.
pub(super) fn changed_files(words: &[String]) -> Vec<String> {
    let Some((program, arguments)) = words.split_first() else { return Vec::new() };
    let operands: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    match base_name(program) {
        "tee" => operands,
        "rm" | "unlink" | "truncate" => operands,
        "mv" => operands,
        "cp" | "install" => operands.last().cloned().into_iter().filter(|_| operands.len() > 1).collect(),
        "sed" | "perl" if arguments.iter().any(|word| word == "-i" || word.starts_with("-i") || word == "--in-place" || word == "-pi") => {
            // The script is the first operand unless it is given by -e; the rest are files.
            let scripted = arguments.iter().any(|word| word == "-e" || word == "-pe" || word == "-pie");
            let skip = if scripted {
                operands.len().min(arguments.iter().filter(|word| word.ends_with('e') && word.starts_with('-')).count())
            } else {
                1
            };
            operands.into_iter().skip(skip).filter(|word| !word.is_empty()).collect()
        }
        "git" => match operands.first().map(String::as_str) {
            Some("mv" | "rm") => operands[1..].to_vec(),
            Some("checkout" | "restore") => arguments.iter().skip_while(|word| *word != "--").skip(1).cloned().collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Files that an `apply_patch` block names.
pub(super) fn patched_files(command: &str) -> Vec<String> {
    if !command.contains("apply_patch") {
        return Vec::new();
    }
    let markers = ["*** Update File: ", "*** Add File: ", "*** Delete File: ", "*** Move to: "];
    command
        .lines()
        .filter_map(|line| markers.iter().find_map(|marker| line.strip_prefix(marker)))
        .map(|path| path.trim().to_owned())
        .collect()
}

/// Devices, scratch folders and names that only the shell knows are nobody's files.
pub(super) fn is_file_of_interest(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['$', '*', '?', '`', '{'])
        && !["/dev/", "/tmp/", "/var/tmp/", "/proc/", "&"].iter().any(|prefix| path.starts_with(prefix))
        && path != "-"
}
