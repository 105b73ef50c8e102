//! A text of an assistant, read for claims.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let reading = paralint::claims::read(text);
    let spans = reading.claims.iter().map(|claim| &claim.span).chain(reading.denials.iter().map(|denial| &denial.span));
    for span in spans {
        assert!(text.get(span.clone()).is_some_and(|sentence| !sentence.is_empty()), "{span:?} is no part of {text:?}");
    }
});
