/// The combined report on `Across.ledger`, on 2021-02-01, in Danish. Read it as a committee would before changing it.
let expectedCombined = """
    # Samlet opfølgning på 2 politikker

    Prøveby

    - Politikker: Prøve-politikken og Anden planen
    - Opgjort pr.: 1. februar 2021 · registerets position 15, modtaget 1. februar 2021 kl. 08.00 UTC

    ## På én side

    - 3 initiativer. Mærket som konkrete i kilden: 3. Hos 1 forvaltning: 2; hos andre: 1.
    - 7 måltal: 1 målt, 6 ikke indberettet.

    | Politik | Leverance | Målopfyldelse |
    | --- | --- | --- |
    | Prøve-politikken. til 31. december 2021. 1 initiativ. Status p/opening | ? **Kan ikke vurderes**. 1 gennemført | ✓ **Som planlagt**. 1 på kurs, 1 ingen tal |
    | Anden planen. 2020 – 31. december 2021. 2 initiativer. Status q/opening | ? **Kan ikke vurderes**. 2 kilden siger ikke, hvor langt det er | ? **Kan ikke vurderes**. Det er udgangspunktet: der er endnu ingen målinger at vurdere efter. |

    ### Hvem har svaret

    Hvem har svaret: forvaltning mod politik, pr. 1. februar 2021

    | Ejer | Prøve-politikken | Anden planen |
    | --- | --- | --- |
    | Opfølgning | Årlig opfølgning, frist 31. december 2019, for 398 dage siden | Slutopfølgning, frist 31. marts 2021, 58 dage tilbage |
    | BIF | Delvist indberettet; 1/9 | Skal indberettes; 0/1 |
    | ØKF | Ikke hørt; 0/1 | Ikke hørt |

    »3/8«: 3 af de 8 svar, opfølgningen beder om, er indberettet; ved sendt tilbage og ændret: er det.

    ### Tre resultater

    1. Kursus i dansk (BIF) Prøve-politikken: **Gennemført.** Det er gjort.

    Sådan er de valgt: gennemførte først, så dem i drift, så dem i gang efter planen; konkrete initiativer før øvrige; ét pr. politik, så længe det rækker.

    ### Tre afvigelser

    1. Kursus i dansk (BIF) Prøve-politikken: **Kræver særskilt finansiering.** Det er gjort.

    Sådan er de valgt: stoppede, forsinkede og satte i bero først, så udløbne penge, så dem, der afventer finansiering, så beslutning, så dem, der kræver særskilt finansiering; ét pr. politik, så længe det rækker.

    ### Det bedes udvalget om

    Økonomiudvalget tager status til efterretning.

    ### Penge

    Kræver særskilt finansiering: 1 initiativ, heraf mærket som konkrete: 1. Finansieringen er udløbet: 0 initiativer. Udløber inden for et år: 1.

    ### Hvad mangler

    - Ikke hørt: ØKF.
    - 2 besvarelser mangler efter fristen; se, hvem der har svaret.
    - q er ikke vurderet endnu; den sidste post om politikken er position 8.

    ## Hvad er ændret siden sidst

    - Prøve-politikken og Anden planen: ingen har svaret på en opfølgning endnu; alt, der ikke står i dokumenterne.

    2 ændringer: 2 målinger.

    Efter hvem: BIF 2.

    Vigtigst først: det, der kræver opmærksomhed, så det, der er besluttet, det, der er bedre, det nye og resten; nyest først inden for hver.

    | Hvad | Fra → til | Hvem og hvornår | Hvorfor |
    | --- | --- | --- | --- |
    | Måling andel (Prøve-politikken) (BIF) | \\* nyt. **Måling**: 55 pct. (55 af 100) (2019) → 57 pct. (57 af 100) (2020) | BIF, sagsbehandler p1, 1. februar 2021 (indtastet 1. juni 2019), indberettet | – |
    | Måling andel (Prøve-politikken) (BIF) | \\* nyt. **Måling**: ikke målt → 55 pct. (55 af 100) (2019) | BIF, sagsbehandler p1, 1. februar 2021 (indtastet 1. juni 2019), indberettet | – |

    ## Indstilling

    Økonomiforvaltningen og Jobforvaltningen indstiller, at Økonomiudvalget

    1. tager udgangspunktet for »Prøve politik: En prøve« til efterretning
    2. tager udgangspunktet for »Anden plan« til efterretning
    3. tager til efterretning, at 1 initiativ kræver særskilt finansiering, og at finansieringen af 0 initiativer er udløbet
    4. tager til efterretning, at 2 besvarelser mangler efter fristen

    ## Problemstilling

    ### Hvor langt er målene

    #### Prøve-politikken

    Vurderede mål: 2: 1 på kurs, 1 ingen tal.

    - Pejlemærke: Job &amp; bolig – Jobforvaltningen (trykt i kilden) [Prøve-politikken, linje 32]
      - Mål: Flere i job – Jobudvalget; Jobforvaltningen (udledt af kilden) [Prøve-politikken, linje 31] – ● **på kurs**: 1 af 5 kan bedømmes; ringest: »Måling andel«. Nået er målet først, når alle er bedømt. – 4 indikatorer
      - Mål: Bolig til alle – forvaltning ikke nævnt i kilden [Prøve-politikken, linje 33] – – **ingen tal**: 0 af 2 kan bedømmes. – 2 indikatorer

    ##### Principper

    - Princip: Sammen – forvaltning ikke nævnt i kilden [Prøve-politikken, linje 30]

    #### Prøve-politikken: sådan måles målene

    ##### Mål: Flere i job

    ###### Måling andel

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 53 pct., 2017 | »53 pct.« | Prøve-politikken, linje 40 |
    | Mål | 5 procentpoint højere i 2022 end i 2017. Regnet fra udgangspunktet: 53 + 5 = 58 pct. | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | 57 pct. (57 af 100), 2020. Jobforvaltningen, modtaget 1. februar 2021. Datakilde: Registeret, fra 4. januar 2021 | – | – |
    | Vurdering | ▲ **foran**: 53 + 5 = 58; 57 er 80 pct. af vejen, og 60 pct. af tiden er gået. | – | – |

    **Tidligere målinger**

    | Værdi | Periode | Indberettet af |
    | --- | --- | --- |
    | 55 pct. (55 af 100) | 2019 | BIF, modtaget 1. februar 2021 |

    ###### Måling niveau

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | vises ikke: tallet er for lille | »få« | Prøve-politikken, linje 40 |
    | Mål | 12,5 pct. | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | – **ingen tal**: Ikke målt endnu. | – | – |

    ###### Måling mindst

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 80 pct. (12 af 15) | »12 af 15« | Prøve-politikken, linje 40 |
    | Mål | mindst 90 pct. i 2022 | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | – **ingen tal**: Ikke målt endnu. | – | – |

    ###### Måling foerste

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | mangler: skal måles i 2019 | »måles« | Prøve-politikken, linje 40 |
    | Mål | 20 pct. færre i 2021 | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | – **ingen tal**: Ikke målt endnu. | – | – |

    ##### Mål: Bolig til alle

    ###### Måling alle

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | ikke relevant | »–« | Prøve-politikken, linje 40 |
    | Mål | alle (100 pct.) | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | – **ingen tal**: Ikke målt endnu. | – | – |

    ###### Måling lige

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 14,4 pct. | »14,4 pct.« | Prøve-politikken, linje 40 |
    | Mål | i 2022 samme niveau som: arbejdsstyrken | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | – **ingen tal**: Ikke målt endnu. | – | – |

    #### Prøve-politikken: Indsatsernes årlige måltal

    ##### Kursus i dansk (BIF)

    - Mål for hvert år: Kursister, der fuldfører: **mindst 75 pct.** af: Kursisterne; ikke medregnet: Syge; hvert år 2019–2022. *»mindst 75 pct.«* [Prøve-politikken, linje 50] Målinger: ikke indberettet.

    #### Anden planen

    Det er udgangspunktet: der er endnu ingen målinger at vurdere efter.

    - Mål: Flere i job – BIF (trykt i kilden) [Prøve-politikken, linje 70]

    ## Løsning

    3 initiativer i 2 politikker. Hvert af dem står i bilagene med politik, status og penge, og i politikkens egen rapport med formål og kilde.

    ### Initiativer efter status, pr. politik

    - Prøve-politikken: 1 gennemført
    - Anden planen: 2 kilden siger ikke, hvor langt det er

    ### Initiativer efter penge, pr. ejer

    | Ejer | I alt | Finansieret | Kræver særskilt finansiering | Ingen bemærkning | Status oplyst |
    | --- | --- | --- | --- | --- | --- |
    | BIF | 2 | 1 | 1 | 0 | 1 |
    | ØKF | 0 | 0 | 0 | 0 | 0 |
    | BIU | 1 | 0 | 0 | 1 | 0 |

    Et initiativ tæller ét sted i figuren. Er pengene udløbet, og kræver fortsættelsen nye, står det som udløbet; med dem kræver 1 initiativ særskilt finansiering.

    ### Hvad hører sammen ifølge dokumenterne

    | Den ene | Forbindelse | Den anden | Hvorfor | Hvor det står |
    | --- | --- | --- | --- | --- |
    | Anden plan | fører ud i livet (Trykt) | Flere i job (Prøve-politikken) | Planen skal nå målet. | Prøve-politikken, linje 71; Prøve-politikken, linje 31 |

    ### Hvor politikkerne mødes

    3 par er foreslået og venter på, at en person tager stilling; 0 er godtaget, 0 afvist.

    | Den ene | Forbindelse | Den anden | Hvorfor | Hvor det står |
    | --- | --- | --- | --- | --- |
    | Kursus i dansk (Prøve-politikken) | det samme som (Foreslået) | Kursus i dansk (Anden planen) | Næsten samme titel: “Kursus i dansk” og “Kursus i dansk”; Samme partner: En forening (3 har det); Samme målgruppe: Unge (3 har det); Samme ord i titel eller overskrift: dansk (2 har det); Samme ord i titel eller overskrift: kursus (2 har det); Samme ord i titel eller overskrift: afsnittet (3 har det) | Prøve-politikken, linje 10-12; Prøve-politikken, linje 72-74 |
    | Flere i job (Prøve-politikken) | det samme som (Foreslået) | Flere i job (Anden planen) | Næsten samme titel: “Flere i job” og “Flere i job” | Prøve-politikken, linje 31; Prøve-politikken, linje 70 |
    | Kursus i dansk (Prøve-politikken) | deler noget med (Foreslået) | Tilskud &amp; &lt;støtte&gt; (Anden planen) | Samme partner: En forening (3 har det); Samme målgruppe: Unge (3 har det); Samme ord i titel eller overskrift: afsnittet (3 har det) | Prøve-politikken, linje 10-12; Prøve-politikken, linje 75-77 |

    Reglen: en fælles partner eller et fælles sted giver 90 point, en målgruppe 60, et tema (vores inddeling) 54, et ord i titel eller overskrift 24. Det gælder fuldt, når kun de to har det; hver fordobling af, hvor mange der har det, deler én gang mere. Næsten samme titel giver 150, eller 100, hvor den ene politik fører den anden ud i livet. Et par er med fra 36 point. Intet lægges sammen af sig selv: en person tager stilling med pejling link accept eller reject.

    ### Hvad der ikke kan passe sammen

    Ingen modsigelser er fundet.

    Ingen andre tal er sammenlignet.

    ### Hvem uden for forvaltningerne er med

    1 organisationer, heraf 1 hos flere ejere og 1 i flere politikker.

    | Navn | Art | Politikker | Hos | Initiativer / opfølgninger |
    | --- | --- | --- | --- | --- |
    | En forening | Samarbejder om initiativer | Prøve-politikken, Anden planen | BIF, BIU | 3 / 0 |

    ## Økonomi

    Pengene er holdt op imod 1. februar 2021. Et initiativ kan både have udløbne penge og kræve nye.

    Kræver særskilt finansiering: 1 initiativ, heraf mærket som konkrete: 1. Finansieringen er udløbet: 0 initiativer. Udløber inden for et år: 1.

    ### Penge pr. politik, ejer og år, kr.

    | Politik | Ejer | Hvad | 2020 | I alt |
    | --- | --- | --- | --- | --- |
    | Anden planen | BIF | Planlagt | 600.000 | 600.000 |
    | Anden planen | BIF | Brugt | 550.000 | 550.000 |
    | Anden planen | **I alt** | Planlagt | 600.000 | 600.000 |
    | Anden planen | **I alt** | Brugt | 550.000 | 550.000 |

    ### Kræver særskilt finansiering (1)

    - Kursus i dansk (BIF) Prøve-politikken: »kræver penge« [Prøve-politikken, linje 5-7]

    ### Finansieringen er udløbet (0)

    Ingen.

    ### Finansieringen udløber inden for et år (1)

    - Kursus i dansk (BIF) Anden planen: »til midten af 2021« [Prøve-politikken, linje 73]

    ## Videre proces

    Fristerne nedenfor er holdt op imod 1. februar 2021. Hver linje siger, om datoen er trykt i kilden eller udledt af den.

    ### Det næste

    | Dato | Art | Hvad | Politik | Hvem | Til | Status nu |
    | --- | --- | --- | --- | --- | --- | --- |
    | 31. marts 2021 (trykt i kilden) | Frist | Status q/2021 | Anden planen | BIF | ØU | om 58 dage |
    | 30. juni 2021 (trykt i kilden) | Penge udløber | Kursus i dansk | Anden planen | BIF | – | om 149 dage |
    | 31. december 2021 | Politik udløber | Prøve politik: En prøve | Prøve-politikken | ØKF | ØU | om 333 dage |
    | 31. december 2021 | Politik udløber | Anden plan | Anden planen | BIF | BIU | om 333 dage |
    | 2021 | Årets måltal | Kursus i dansk | Prøve-politikken | BIF | – | om 333 dage |
    | 2021 (trykt i kilden) | Slutmål | Måling foerste | Prøve-politikken | BIF | BIU | om 333 dage |
    | 2022 | Årets måltal | Kursus i dansk | Prøve-politikken | BIF | – | om 698 dage |
    | 2022 (trykt i kilden) | Slutmål | Måling andel | Prøve-politikken | BIF | BIU | om 698 dage |
    | 2022 (trykt i kilden) | Slutmål | Måling lige | Prøve-politikken | BIF | BIU | om 698 dage |
    | 2022 (trykt i kilden) | Slutmål | Måling mindst | Prøve-politikken | BIF | BIU | om 698 dage |

    ### Målinger og andet over datoen

    | Dato | Art | Hvad | Politik | Hvem | Til | Status nu |
    | --- | --- | --- | --- | --- | --- | --- |
    | 2019 (trykt i kilden) | Udgangspunkt | Måling foerste | Prøve-politikken | BIF | BIU | 398 dage over; mangler BIF |
    | 2019 | Årets måltal | Kursus i dansk | Prøve-politikken | BIF | – | 398 dage over; mangler BIF |
    | 2020 | Årets måltal | Kursus i dansk | Prøve-politikken | BIF | – | 32 dage over; mangler BIF |

    2 andre datoer er passeret, besvaret eller bortfaldet, eller står i tabellen over, hvem der ikke har indberettet.

    Hele kalenderen som fil til et kalenderprogram: pejling view calendar --format ics

    ### Ikke indberettet

    | Opfølgning | Frist | Ejer | Status nu |
    | --- | --- | --- | --- |
    | Prøve-politikken: Status p/2019 | 31. december 2019 | Jobforvaltningen | 8 af 9 mangler, 398 dage over fristen; Kursus i dansk; Flere i job; Tal for 2019: Måling niveau; Tal for 2019: Måling mindst; Tal for 2019: Måling alle; Tal for 2019: Måling lige; Tal for 2019: Måling foerste; Tal for 2019: Kursister, der fuldfører |
    | Prøve-politikken: Status p/2019 | 31. december 2019 | Økonomiforvaltningen | 398 dage over fristen; aldrig hørt |

    ## Bilag

    ### Bilag 1: BIF – Jobforvaltningen

    2 initiativer i 2 politikker. Status oplyst: 1. Kræver særskilt finansiering: 1.

    | Initiativ | Politik | Status | Penge |
    | --- | --- | --- | --- |
    | Kursus i dansk | Prøve-politikken | Gennemført | Kræver særskilt finansiering |
    | Kursus i dansk | Anden planen | Kilden siger ikke, hvor langt det er | Finansieret til 30. juni 2021 |

    ### Bilag 2: ØKF – Økonomiforvaltningen

    Forvaltningen har ikke meldt sig endnu.

    ### Bilag 3: Jobudvalget

    1 initiativ i 1 politik. Status oplyst: 0. Kræver særskilt finansiering: 0.

    | Initiativ | Politik | Status | Penge |
    | --- | --- | --- | --- |
    | Tilskud &amp; &lt;støtte&gt; | Anden planen | Kilden siger ikke, hvor langt det er | Ingen bemærkning |

    ### Bilag 4: Hvem er ikke hørt, og hvad mangler

    Ikke hørt endnu: Økonomiforvaltningen (ØKF).

    Ikke indberettet til Prøve-politikken: Status p/2019: BIF (8 af 9) og ØKF. Fristen var 31. december 2019, for 398 dage siden.

    ### Bilag 5: Metode og definitioner

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

    #### Sådan er den samlede rapport lavet

    - **Hvilken opfølgning**: Leverance er fra den opfølgning, der gælder på dagen, hvis nogen har svaret på den; ellers den seneste, der er svaret på; ellers udgangspunktet. Målinger er alle til og med dagen.
    - **Lange lister**: Ændringer har højst 12 linjer, lister over penge højst 60 pr. slags, overlap højst 30 forslag, kalenderen højst 40 linjer pr. slags; under hver står, hvor mange der er udeladt. Alle initiativer står i bilagene.

    #### Hvad er ikke vurderet

    - **q**: q er ikke vurderet endnu; den sidste post om politikken er position 8.

    ### Bilag 6: Tidligere beslutninger

    Ingen beslutninger er registreret.

    ### Bilag 7: Kilder og sporbarhed

    | Dokument | Fil | Linjer | SHA-256 af linjerne |
    | --- | --- | --- | --- |
    | Prøve politik: En prøve | `kilde.txt` | 1-90 | `abababababababababababababababababababababababababababababababab` |

    - Registerets position: 15
    - Registerets rod: `5d8e553cdf1b2d7e9ee20cb357369912ba21712d68df722cb59ccd64261d7e83`
    - Opgjort pr.: 1. februar 2021
    - Program: pejling 0
    - Sprog: dansk


    """
