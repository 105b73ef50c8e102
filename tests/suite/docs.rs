//! Every command and example of docs/, and the pages that are made from the code.
