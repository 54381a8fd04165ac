/// The report on `sampleLedger`, opening, on 2020-01-10, in Danish. Read it as a committee would before changing it.
let expectedMarkdown = """
    # Opfølgning på Prøve-politikken

    > **EKSEMPELDATA – ikke virkelige oplysninger**

    Prøveby · Prøve politik: En prøve

    - Opfølgning: Status p/opening
    - Periode: til 31. december 2021
    - Samles af: Økonomiforvaltningen (trykt i kilden)
    - Til: Økonomiudvalget
    - Opgjort pr.: 10. januar 2020 · registerets position 8, modtaget 1. juni 2019 kl. 08.00 UTC

    ## På én side

    - **Leverance: Kan ikke vurderes.** Fristen er passeret, og 2 besvarelser mangler. Det, dokumentet selv siger, er fra dets egen tid: 1 gennemført.
    - **Målopfyldelse: Kan ikke vurderes.** Det er udgangspunktet: der er endnu ingen målinger at vurdere efter.

    ### I tal

    - 3 initiativer. Mærket som konkrete i kilden: 1. Hos 1 forvaltning: 2; hos andre: 1.
    - Status er oplyst for 1: 1 gennemført. For 2 er intet oplyst.
    - Penge: 1 kræver særskilt finansiering, 1 finansiering udløbet, 2 ingen bemærkning. Et initiativ kan stå to steder.

    ### Tre resultater

    1. Kampagne (BIF) **Gennemført.** Det er gjort.

    Sådan er de valgt: gennemførte først, så dem i drift, så dem i gang efter planen; konkrete initiativer før øvrige; ét pr. ejer, så længe det rækker.

    ### Tre afvigelser

    1. Kursus (BIF) **Finansiering udløbet.** Formålet.

    Sådan er de valgt: stoppede, forsinkede og satte i bero først, så udløbne penge, så dem, der afventer finansiering, så beslutning, så dem, der kræver særskilt finansiering; ét pr. ejer, så længe det rækker.

    ### Det bedes udvalget om

    Økonomiudvalget tager udgangspunktet til efterretning.

    ### Penge

    Kræver særskilt finansiering: 1 initiativ, heraf mærket som konkrete: 0. Finansieringen er udløbet: 1 initiativ.

    ### Hvem mangler

    - Ikke hørt: ØKF.
    - Ikke indberettet til Status p/2019: BIF og ØKF. Fristen var 31. december 2019, for 10 dage siden.
    - p er ikke vurderet endnu; den sidste post om politikken er position 7.

    ## Indstilling

    Økonomiforvaltningen indstiller, at Økonomiudvalget

    1. tager udgangspunktet for »Prøve politik: En prøve« til efterretning
    2. tager til efterretning, at 1 initiativ kræver særskilt finansiering, og at finansieringen af 1 initiativ er udløbet

    ## Problemstilling

    Politikkens periode: til 31. december 2021.

    Rapporten viser, hvad politikken selv siger: hvad der skal gøres, af hvem, for hvilke penge, og hvor langt det er. Den er det, som senere opfølgninger holdes op imod.

    ### Hvad politikken vil

    - Mål: Målet – BIF (trykt i kilden) [Prøve-politikken, linje 5-7]

    ## Løsning

    3 initiativer er fordelt på 2 ejere. Hvert af dem står i bilagene med formål, penge, status og kilde.

    ### Initiativer efter penge, pr. ejer

    | Ejer | I alt | Finansiering udløbet | Ingen bemærkning | Status oplyst |
    | --- | --- | --- | --- | --- |
    | BIF | 2 | 1 | 1 | 1 |
    | ØKF | 0 | 0 | 0 | 0 |
    | BIU | 1 | 0 | 1 | 0 |

    Et initiativ tæller ét sted i figuren. Er pengene udløbet, og kræver fortsættelsen nye, står det som udløbet; med dem kræver 1 initiativ særskilt finansiering.

    ### Initiativer efter status

    | Status | Antal |
    | --- | --- |
    | Gennemført | 1 |
    | Kilden siger ikke, hvor langt det er | 2 |

    ### Initiativer efter art

    | Art | Antal |
    | --- | --- |
    | Konkret initiativ | 1 |
    | Øvrigt tilsagn | 1 |
    | Løbende indsats | 1 |

    ## Økonomi

    Kræver særskilt finansiering: 1 initiativ, heraf mærket som konkrete: 0. Finansieringen er udløbet: 1 initiativ.

    Kilden trykker ingen beløb for initiativerne, så der er intet at lægge sammen.

    ### Kræver særskilt finansiering (1)

    - Kursus (BIF): »forudsætter særskilt finansiering« [Prøve-politikken, linje 5-7]

    ### Finansieringen er udløbet (1)

    - Kursus (BIF): »er udløbet« [Prøve-politikken, linje 5-7]

    ### Finansieringen udløber inden for et år (0)

    Ingen.

    ## Videre proces

    Fristerne nedenfor er holdt op imod 10. januar 2020. Hver linje siger, om datoen er trykt i kilden eller udledt af den.

    ### Opfølgninger

    | Opfølgning | Frist | Grundlag | Status nu | Skal indberettes af | Forelægges | Kilde |
    | --- | --- | --- | --- | --- | --- | --- |
    | Status p/2019 | 31. december 2019 | trykt i kilden | overskredet for 10 dage siden | BIF og ØKF | Økonomiudvalget (Offentlig) | Prøve-politikken, linje 5-7 |

    ### Ikke indberettet

    | Opfølgning | Frist | Ejer | Status nu |
    | --- | --- | --- | --- |
    | Status p/2019 | 31. december 2019 | Jobforvaltningen | 10 dage over fristen |
    | Status p/2019 | 31. december 2019 | Økonomiforvaltningen | 10 dage over fristen; aldrig hørt |

    ## Bilag

    ### Bilag 1: BIF – Jobforvaltningen

    2 initiativer. Mærket som konkrete: 1. Status oplyst: 1. Kræver særskilt finansiering: 1.

    #### Kampagne

    **Konkret initiativ · Ingen bemærkning · Gennemført**

    Formålet.

    - Status: Gennemført (fra dokumentet) *»er gennemført«* [Prøve-politikken, linje 5-7]
    - Hvad er gjort: Det er gjort.
    - Mandat: Besluttet med politikken
    - Afsnit: Afsnittet
    - For: Unge
    - Samarbejder med: En forening
    - Tal: Medarbejdere: **45.000** (cirka) *»cirka 45.000 medarbejdere«* [Prøve-politikken, linje 5-7]
    - Kilde: Prøve-politikken, linje 10-12

    #### Kursus

    **Øvrigt tilsagn · Finansiering udløbet · Kræver særskilt finansiering**

    Formålet.

    - Status: Kilden siger ikke, hvor langt det er
    - Penge: Finansiering udløbet 31. december 2018 *»er udløbet«* [Prøve-politikken, linje 5-7]
    - Penge: Kræver særskilt finansiering *»forudsætter særskilt finansiering«* [Prøve-politikken, linje 5-7]
    - Mandat: Besluttet med politikken
    - Afsnit: Afsnittet
    - For: Unge
    - Samarbejder med: En forening
    - Kilde: Prøve-politikken, linje 20-22

    ### Bilag 2: ØKF – Økonomiforvaltningen

    Forvaltningen har ikke meldt sig endnu.

    ### Bilag 3: Hvad andre gør

    #### Jobudvalget

    1 initiativ. Mærket som konkrete: 0. Status oplyst: 0. Kræver særskilt finansiering: 0.

    ##### Tilskud

    **Løbende indsats · Ingen bemærkning**

    Formålet.

    - Status: Kilden siger ikke, hvor langt det er
    - Mandat: Besluttet med politikken
    - Afsnit: Afsnittet
    - For: Unge
    - Samarbejder med: En forening
    - Kilde: Prøve-politikken, linje 30-32

    ### Bilag 4: Hvem er ikke hørt, og hvad mangler

    Ikke hørt endnu: Økonomiforvaltningen (ØKF).

    Ikke indberettet til Status p/2019: BIF og ØKF. Fristen var 31. december 2019, for 10 dage siden.

    ### Bilag 5: Hvad er ændret siden sidst

    Udgangspunktet er det første. Der er intet før det at sammenligne med.

    ### Bilag 6: Metode og definitioner

    #### De to lys

    - **Leverance**: Leverance vurderes, når mindst halvdelen af initiativerne har en status. Som planlagt: mindst 80 % er gennemført, i drift eller i gang efter planen, og intet er stoppet. Kræver opmærksomhed: mindst 50 %. Ellers bagud.
    - **Målopfyldelse**: Målopfyldelse samles af det, politikkens plugin har vurderet hvert mål til, når mindst halvdelen kunne vurderes. Som planlagt: mindst 80 % af dem er nået, foran eller på kurs. Kræver opmærksomhed: mindst 50 %. Ellers bagud. Uden målinger kan den ikke vurderes.

    #### Vurdering af mål

    - **foran**: Mindst en tiendedel af hele vejen foran den tid, der er gået.
    - **på kurs**: Lige så langt som den tid, der er gået, eller den rigtige vej.
    - **bagud**: Kortere end den tid, der er gået.
    - **nået**: Målet er nået.
    - **ingen tal**: Der er ingen måling at vurdere.
    - **kan ikke vurderes**: Der er noget at se på, men ikke noget at regne på.

    #### Status

    - **Ikke begyndt**: Arbejdet er ikke gået i gang.
    - **Afventer beslutning**: Et udvalg skal beslutte noget først.
    - **Afventer finansiering**: Der mangler penge til at gå i gang eller fortsætte.
    - **I gang efter planen**: Arbejdet er i gang og går som ventet.
    - **Forsinket**: Arbejdet er i gang, men senere end planlagt.
    - **Sat i bero**: Arbejdet er standset for en tid.
    - **I drift**: Det kører som en fast del af driften.
    - **Gennemført**: Det, der skulle gøres, er gjort.
    - **Stoppet**: Det er opgivet.

    #### Penge

    - **Finansieret**: Der er sat penge af.
    - **Inden for budgettet**: Det løses for de penge, forvaltningen har.
    - **Kræver særskilt finansiering**: Det kan kun gennemføres, hvis der gives penge til det.
    - **Finansiering udløbet**: Der har været penge, og de er brugt op eller udløbet.
    - **Ingen bemærkning**: Kilden siger intet om penge her.

    #### Arter af initiativer

    - **Konkret initiativ**: Kilden mærker det selv som et konkret initiativ.
    - **Øvrigt tilsagn**: Noget, kommunen siger, at den vil, uden det mærke.
    - **Løbende indsats**: Noget, der allerede kører.
    - **Undersøgelse**: En undersøgelse.
    - **Pulje**: Penge, der kan søges.

    #### Hvad en oplysning bygger på

    - **trykt i kilden**: Det står i dokumentet, i de linjer der henvises til.
    - **udledt af kilden**: Det følger af det trykte.
    - **fastsat af kommunen**: Kommunens opsætning siger det; intet dokument gør.
    - **ikke nævnt i kilden**: Kilden nævner ingen.

    #### Sådan er der talt

    - **Hvad tæller**: Kun det, som kilden selv siger, eller som en forvaltning har indberettet.
    - **For sent**: Regnes fra modtagelsen. Det, der afhænger af noget uafgjort, er aldrig for sent.
    - **Tekster**: Formål og »hvad er gjort« er skrevet kort med egne ord. Ord i anførselstegn er kildens egne.
    - **Målinger**: Kun fra den forvaltning, der indberetter tallet. »For lille til at vise«, »mangler«, »ikke relevant« og »ikke indberettet« er fire forskellige ting.

    #### Hvad er ikke vurderet

    - **p**: p er ikke vurderet endnu; den sidste post om politikken er position 7.

    ### Bilag 7: Tidligere beslutninger

    Ingen beslutninger er registreret.

    ### Bilag 8: Kilder og sporbarhed

    | Dokument | Fil | Linjer | SHA-256 af linjerne |
    | --- | --- | --- | --- |
    | Prøve politik: En prøve | `kilde.txt` | 1-90 | `abababababababababababababababababababababababababababababababab` |

    - Registerets position: 8
    - Registerets rod: `eea770b4da168044a5e7e67505c56d51eab4f0eee98d1aa82ba5f456f7311a36`
    - Opgjort pr.: 10. januar 2020
    - Program: pejling 0
    - Sprog: dansk

    > **EKSEMPELDATA – ikke virkelige oplysninger**


    """
