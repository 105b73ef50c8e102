//! The pictures of the README show what the program prints.
