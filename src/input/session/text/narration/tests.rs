use super::separates;
use proptest::prelude::*;

#[test]
fn what_is_over_or_comes_next_separates() {
    for text in [
        "Now working on Feature B...",
        "Now let me launch the second agent:",
        "Next, the checkout.",
        "Next",
        "Feature A is done; moving on to Feature B.",
        "Feature A is complete.",
        "Great! The first agent has finished. Starting the second one.",
        "STEP 1 COMPLETE ✓",
        "The exploration agent found three callers.",
        "Perfect, I now have the findings for the cart.",
        "With that done, the checkout.",
        "Then the reviewer.",
        "Moving on to the API.",
        "I'll now start the reviewer.",
        "Let me now look at the checkout.",
        "Now for the second feature:",
        "On to the tests.",
        "Feature B comes next.",
        "The auth work has been completed.",
        "Now that the schema is in place, I'll start the API.",
        "Als Nächstes kommt das Backend.",
        "Feature A ist fertig.",
        "Ahora la segunda tarea.",
        "Maintenant, la deuxième tâche.",
        "次にAPIを実装します。",
        "接下来处理支付模块。",
    ] {
        assert!(separates(text), "{text}");
    }
}

#[test]
fn what_is_at_once_asked_or_ahead_does_not() {
    for text in [
        "And at the same time the second one:",
        "Launching the next two in parallel:",
        "The second agent looks at the checkout.",
        "Agent 2: checkout",
        "Meanwhile, I'll start the reviewer.",
        "I'll also start a reviewer.",
        "While that runs, the checkout. Now the next agent.",
        "Once Feature A is done, I'll start Feature B.",
        "When the first one has finished I'll move on to the second.",
        "Feature A is not done yet.",
        "Is Feature A done?",
        "The first is still running. Now the second:",
        "Let me complete the picture with a second look.",
        "This agent will implement the API and report when it is complete.",
        "A complete rewrite of the cart:",
        "The second agent looks at the Next.js frontend.",
        "This one is about moving only the tests.",
        "The first agent is ready to go.",
        "Next to the cart stands the checkout.",
        "Now both are running.",
        "Gleichzeitig starte ich jetzt den zweiten Agenten.",
        "同時に次のエージェントを起動します。",
        "Without waiting for it, next comes the checkout.",
        "",
    ] {
        assert!(!separates(text), "{text}");
    }
}

#[test]
fn narrations_as_assistants_write_them() {
    let serial = [
        "Now working on Feature B...",
        "Next, the reporting feature.",
        "Feature A is done. Moving on to B.",
        "With that finished, let me start the second agent.",
        "The first agent found three callers. Now the second one.",
        "The first agent came back with three callers.",
        "Agent 1 is back.",
        "Both agents are back, so here is the plan.",
        "The results are in.",
        "The first subagent returned its findings. I'll hand them to the second.",
        "Let me move on to the second feature.",
        "Let's continue with Feature B.",
        "Continuing with Feature B.",
        "Feature 1 ✅ complete. Starting Feature 2.",
        "Good. Next up: the API.",
        "Now that the schema exists, the API can be built.",
        "The authentication feature is fully implemented. Next I'll build the reports.",
        "Now I'll dispatch the implementer for task 2.",
        "Task 1 complete. Proceeding to task 2.",
        "Now on to the frontend.",
        "Let me now start the second exploration.",
        "That's done, so here comes the tester.",
        "The review turned up two bugs. Now I'll have an agent mend them.",
        "The reviewer approved the change. On to task 3.",
        "Having finished the parser, I turn to the printer.",
        "Now let me dispatch the code reviewer for what was written.",
        "Phase 1 is finished.",
        "Das Backend ist fertig. Jetzt das Frontend.",
        "El primer agente ha terminado. Ahora el segundo.",
        "Le premier agent a terminé. Ensuite, le deuxième.",
        "最初の機能が完了しました。",
    ];
    let open = [
        "Let me also launch a reviewer.",
        "At the same time, an agent for the docs.",
        "Meanwhile, I'll have another agent read the tests.",
        "I've launched the first agent; launching the second now.",
        "The first agent is launched. Now the second:",
        "I've kicked off the backend. Next, the frontend.",
        "The backend agent is running. Now let me start the frontend agent.",
        "While that runs, let me now look at the tests.",
        "In the meantime, I'll now start the second one.",
        "Both are running.",
        "Both agents are now running in the background.",
        "Waiting for the first agent. Next, the second one.",
        "Waiting for both to finish.",
        "I'll check on it later. Now the second agent:",
        "As soon as it returns I'll merge. Now the second agent:",
        "And the second agent:",
        "Agent 2 of 3:",
        "Second, the reporting feature.",
        "Launching the second agent.",
        "Starting the frontend agent.",
        "Here is the second call:",
        "I'll launch the next agent simultaneously.",
        "Now launching both at once.",
        "Another agent takes the docs.",
        "One more for the tests.",
        "This agent reports when it is done.",
        "The second agent will have finished before the first.",
        "Have the second agent write a complete test suite.",
        "Tell me when the first one is back.",
        "Is the first agent back?",
        "The first agent is not back yet. Now the second:",
        "Let's go back to the parser.",
        "Der zweite Agent kümmert sich um das Frontend.",
        "Y el segundo agente para el frontend.",
        "Et le deuxième agent :",
        "2つ目のエージェント:",
        "Once both are done, I'll merge. Next agent:",
        "When the first is done I will compare. Now the second agent.",
        "Feature A is done by agent one, feature B by agent two.",
        "Now I'll dispatch the remaining one too.",
        "Now I'll also dispatch the remaining one.",
        "The login agent is started. Now the search agent.",
        "Then, in the same message, feature B:",
        "Agent A is at work. Now B.",
        "Continuing to launch the other agents.",
        "Great, the build is done.",
        "The plan is complete; here is the second agent.",
    ];
    let wrong_serial: Vec<_> = serial.iter().filter(|text| !separates(text)).collect();
    let wrong_open: Vec<_> = open.iter().filter(|text| separates(text)).collect();
    assert!(wrong_serial.is_empty() && wrong_open.is_empty(), "serial, but not told: {wrong_serial:?}; open, but told: {wrong_open:?}");
}

#[test]
fn what_a_text_ends_with_may_go_on() {
    for text in ["Now working on feature B:", "Now working on Feature B...", "A is done. Now working on B.", "Good.\n\nTask"] {
        assert!(super::goes_on(text), "{text}");
    }
    for text in ["Both features are done.", "Done", "All three ran in parallel.", "Next steps are yours.", ""] {
        assert!(!super::goes_on(text), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = separates(&text);
    }
}
